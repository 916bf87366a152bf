import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AWS from 'aws-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDenoEdition, startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import { ROLE, zipOf } from '../support/memory-gateway.ts'
import { startWitness, type Witness } from '../support/witness.ts'

// The logs of functions that really run, read with AWS SDK for JavaScript v2 and in the ways of
// those who follow a log, on a real workerd that is stopped and started again.

type LogEvents = AWS.CloudWatchLogs.FilteredLogEvent[]

let folder: string
let witness: Witness
let gateway: LocalGateway
let logs: AWS.CloudWatchLogs

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-logs-'))
  witness = await startWitness()
  await start()
})

afterAll(async () => {
  await gateway.stop()
  await witness.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  gateway = await startGateway({
    variables: { INVOKE_RETRY_DELAYS: '', FUNCTION_OUTBOUND: `127.0.0.1:${witness.port}` },
    persistTo: folder,
  })
  logs = new AWS.CloudWatchLogs(options())
}

function options() {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint: gateway.url, region: 'us-east-1', maxRetries: 0, ...credentials }
}

async function upload(FunctionName: string, source: string, more: object = {}): Promise<void> {
  const required = { Runtime: 'nodejs', Role: ROLE, Handler: 'index.handler', Mode: 'event' }
  const FunctionZip = Buffer.from(zipOf({ 'index.js': source }))
  // The operations of 2014 are not in the SDK's types.
  const lambda = new AWS.Lambda({ ...options(), apiVersion: '2014-11-11' }) as unknown as {
    uploadFunction(input: object): { promise(): Promise<unknown> }
  }
  await lambda.uploadFunction({ FunctionName, FunctionZip, ...required, ...more }).promise()
}

async function invoke(FunctionName: string, event: unknown = {}): Promise<void> {
  const lambda = new AWS.Lambda({ ...options(), apiVersion: '2014-11-11' })
  await lambda.invokeAsync({ FunctionName, InvokeArgs: JSON.stringify(event) }).promise()
}

const groupOf = (functionName: string) => `/aws/lambda/${functionName}`

async function eventsOf(functionName: string, filterPattern = ''): Promise<LogEvents> {
  const input = { logGroupName: groupOf(functionName), filterPattern }
  const found = await logs
    .filterLogEvents(input)
    .promise()
    .catch((error: unknown) => {
      if ((error as AWS.AWSError).code === 'ResourceNotFoundException') return { events: [] }
      throw error
    })
  return found.events ?? []
}

async function described(logGroupNamePrefix: string) {
  const { logGroups = [] } = await logs.describeLogGroups({ logGroupNamePrefix }).promise()
  return logGroups[0]
}

/** The messages, once so many calls have ended. */
async function messagesOf(functionName: string, calls: number): Promise<string[]> {
  await until(async () => (await eventsOf(functionName, 'REPORT')).length >= calls)
  return (await eventsOf(functionName)).map((event) => event.message ?? '')
}

/** A function that asks the witness for the path in its event, and prints before and after. */
const asking = () => `
  console.log('Loading event')
  exports.handler = function (event, context) {
    console.log('asks ' + event.path)
    require('http').get('http://127.0.0.1:${witness.port}' + event.path, function (response) {
      response.resume()
      response.on('end', function () {
        console.error('asked ' + event.path)
        context.done()
      })
    })
  }`

describe('the log of a function', () => {
  test('is as Lambda wrote it in 2014, cold, warm and when it ends badly', async () => {
    await upload(
      'formats',
      `console.log('Loading event')
       exports.handler = function (event, context) {
         if (event === 'fail') return context.fail(new TypeError('no good'))
         if (event === 'exit') process.exit(1)
         if (event === 'late') return setTimeout(context.done, 5000)
         console.error('called')
         context.done()
       }`,
      { Timeout: 1 },
    )
    let calls = 0
    for (const event of ['', '', 'fail', 'exit', '', 'late']) {
      await invoke('formats', event)
      await messagesOf('formats', ++calls)
    }
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
    const id = '[0-9a-f]{8}-[0-9a-f-]{27}'
    const started = `^START RequestId: ${id}\n$`
    const end = [
      `^END RequestId: ${id}\n$`,
      `^REPORT RequestId: ${id}\tDuration: \\d+\\.00 ms\tBilled Duration: \\d+00 ms \tMemory Size: 128 MB\tMax Memory Used: ${isDenoEdition ? '\\d+' : '0'} MB\t\n$`,
    ]
    const loading = `^${time}\t[a-z0-9]{16}\tLoading event\n$`
    const called = `^${time}\t${id}\tcalled\n$`
    const failed = `^${time}\t${id}\t{"errorMessage":"no good","errorType":"TypeError","stackTrace":\\["exports.handler \\(/var/task/index.js:3:`
    const exited = `^RequestId: ${id} Process exited before completing request\n$`
    const timedOut = `^${time} ${id} Task timed out after 1.00 seconds\n$`
    const expected = [
      ...[loading, started, called, ...end],
      ...[started, called, ...end],
      ...[started, failed, ...end],
      ...[started, ...end, exited],
      ...[loading, started, called, ...end],
      ...[started, ...end, timedOut],
    ]
    expect(await messagesOf('formats', calls)).toEqual(
      expected.map((pattern): unknown => expect.stringMatching(new RegExp(pattern))),
    )
  })

  test('is there within a second of END', async () => {
    await upload('prompt', asking())
    for (const path of ['/a', '/b', '/c']) await invoke('prompt', { path })
    await messagesOf('prompt', 3)
    for (const { ingestionTime = 0, timestamp = 0 } of await eventsOf('prompt', 'END')) {
      expect(ingestionTime - timestamp).toBeLessThan(1000)
    }
  })

  test('is listed, described and read by stream', async () => {
    await upload('listed', asking())
    await invoke('listed', { path: '/listed' })
    const messages = await messagesOf('listed', 1)
    const logGroupName = groupOf('listed')
    expect(await described(logGroupName)).toMatchObject({ logGroupName, storedBytes: 0 })
    const { logStreams = [] } = await logs.describeLogStreams({ logGroupName }).promise()
    expect(logStreams).toEqual([
      expect.objectContaining({ logStreamName: expect.stringMatching(/^[0-9a-f]{32}$/) }),
    ])
    const logStreamName = logStreams[0]?.logStreamName ?? ''
    const { events = [] } = await logs.getLogEvents({ logGroupName, logStreamName }).promise()
    expect(events.map((event) => event.message)).toEqual(messages)
    await expect(
      logs.getLogEvents({ logGroupName, logStreamName: 'none' }).promise(),
    ).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    })
  })

  test('has retention set and unset, and is deleted, with answers that the SDK understands', async () => {
    const logGroupName = '/by/hand'
    await logs.createLogGroup({ logGroupName }).promise()
    await expect(logs.createLogGroup({ logGroupName }).promise()).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    })
    await logs.putRetentionPolicy({ logGroupName, retentionInDays: 3 }).promise()
    await until(async () => (await described(logGroupName))?.retentionInDays === 3)
    await logs.deleteRetentionPolicy({ logGroupName }).promise()
    await until(async () => (await described(logGroupName))?.retentionInDays === undefined)
    await logs.deleteLogGroup({ logGroupName }).promise()
    await until(async () => (await described(logGroupName)) === undefined)
    await expect(logs.deleteLogGroup({ logGroupName }).promise()).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
  })
})

/** `aws logs tail --follow`: awscli/customizations/logs/tail.py. */
function awsTail(logGroupName: string, startTime: number) {
  let seen = new Map<number, Set<string>>()
  return async function poll(): Promise<string[]> {
    const shown: string[] = []
    let nextToken: string | undefined
    do {
      const token = nextToken === undefined ? {} : { nextToken }
      const input = { logGroupName, startTime, interleaved: true, ...token }
      const page = await logs.filterLogEvents(input).promise()
      for (const { timestamp = 0, eventId = '', message = '' } of page.events ?? []) {
        const ids = seen.get(timestamp) ?? new Set()
        if (!ids.has(eventId)) shown.push(message)
        seen.set(timestamp, ids.add(eventId))
      }
      const newest = Math.max(...seen.keys())
      seen = new Map(Array.from(seen).filter(([timestamp]) => timestamp === newest))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    if (seen.size > 0) startTime = Math.max(...seen.keys())
    return shown
  }
}

/** `serverless logs --tail`: lib/plugins/aws/logs.js. */
function serverlessTail(logGroupName: string, startTime: number) {
  return async function poll(): Promise<string[]> {
    const order = { descending: true, limit: 50, orderBy: 'LastEventTime' }
    const { logStreams = [] } = await logs.describeLogStreams({ logGroupName, ...order }).promise()
    const logStreamNames = logStreams.map((stream) => stream.logStreamName ?? '')
    const input = { logGroupName, logStreamNames, startTime, interleaved: true }
    const { events = [] } = await logs.filterLogEvents(input).promise()
    startTime = (events.at(-1)?.timestamp ?? startTime - 1) + 1
    return events.map((event) => event.message ?? '')
  }
}

describe('who follows a log', () => {
  test.each([
    { name: 'aws logs tail --follow', tail: awsTail },
    { name: 'serverless logs --tail', tail: serverlessTail },
  ])('with $name sees every line once, also of a call that ran long', async ({ name, tail }) => {
    const followed = name.split(' ')[0] ?? ''
    const group = groupOf(followed)
    await upload(followed, asking(), { Timeout: 60 })
    await invoke(followed, { path: '/first' })
    await messagesOf(followed, 1)
    const poll = tail(group, Date.now() - 60_000)
    const shown = await poll()
    expect(shown.filter((message) => message.includes('asked /first'))).toHaveLength(1)

    await invoke(followed, { path: `/hold/${followed}` })
    await until(() => witness.seen(`/hold/${followed}`).length > 0)
    for (const path of ['/quick/1', '/quick/2', '/quick/3']) {
      await invoke(followed, { path })
      await until(async () => (await eventsOf(followed, `"asked ${path}"`)).length > 0)
      const next = await poll()
      expect(next.filter((message) => message.includes(`asked ${path}`))).toHaveLength(1)
      shown.push(...next)
    }
    witness.release()
    await messagesOf(followed, 5)
    const last = await poll()
    expect(last.map((message) => message.split(/[ \t]/).at(-2))).toContain(`asked`)
    shown.push(...last, ...(await poll()))
    expect(shown).toEqual(await messagesOf(followed, 5))
  })
})

describe('a restart', () => {
  test('keeps groups, streams and lines, and what comes after comes behind them', async () => {
    await upload('lasting', asking())
    await invoke('lasting', { path: '/before' })
    await messagesOf('lasting', 1)
    const logGroupName = groupOf('lasting')
    await logs.putRetentionPolicy({ logGroupName, retentionInDays: 5 }).promise()
    // A change of the policy makes the group count itself, by its alarm.
    await until(async () => ((await described(logGroupName))?.storedBytes ?? 0) > 0)
    const before = await eventsOf('lasting')
    await gateway.stop()
    await start()
    expect(await eventsOf('lasting')).toEqual(before)
    expect(await described(logGroupName)).toMatchObject({ retentionInDays: 5 })
    await invoke('lasting', { path: '/after' })
    await messagesOf('lasting', 2)
    const after = await eventsOf('lasting')
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.at(before.length)?.message).toMatch(/\tLoading event\n$/)
  })
})
