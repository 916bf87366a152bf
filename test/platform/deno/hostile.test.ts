import { existsSync, globSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { FunctionProcess } from '../../../src/platform/deno/functions/function-process.ts'
import { FETCH_HOST } from '../../../src/runtime/sandbox/process/process-protocol.ts'
import { until } from '../../support/local-gateway.ts'
import { startProcessHost } from '../../support/process-host.ts'
import { uploadFiles } from '../../support/runtime-host.ts'
import { hostileFunctions, TIMED_OUT } from './hostile-functions.ts'

// Functions that mean harm, each in a process of its own: what comes of them, and that nobody else
// notices.

let host: Awaited<ReturnType<typeof startProcessHost>>
let neighbour: Awaited<ReturnType<typeof upload>>

beforeAll(async () => {
  host = await startProcessHost({ INVOKE_RETRY_DELAYS: '' })
  writeFileSync(join(host.folder, 'gateway.db'), 'SECRET')
  neighbour = await upload('neighbour', 'context.succeed()')
  await greet()
})
afterAll(() => host.close())

function upload(name: string, body: string, more: object = {}) {
  const source = `var fs = require('fs')
    exports.handler = function (event, context) {\n${body}\n}`
  return uploadFiles(host, name, { 'index.js': source }, { Timeout: 30, ...more })
}

function run(record: typeof neighbour, attempt = 1, payload = '{}') {
  const name = record.configuration.FunctionName
  return host.runner.run({ record, requestId: name, attempt, slot: 0, payload })
}

let greetings = 0
async function greet() {
  const result = await run(neighbour, ++greetings)
  if (!result.ran || result.outcome.kind !== 'succeeded') {
    // It is being greeted by another test.
    if (!result.ran && result.isBusy === true) return
    throw new Error(JSON.stringify(result))
  }
}

/** The message of each line that is neither START nor END, once the call has been written down. */
async function logOf(name: string): Promise<string[]> {
  let messages: string[] = []
  await until(async () => {
    const read = await host.logs.read(`/aws/lambda/${name}`, { limit: 10_000 })
    messages = read.kind === 'page' ? read.events.map(({ message }) => message) : []
    return messages.some((message) => message.startsWith('REPORT'))
  })
  return messages
}

describe('Functions that mean harm', () => {
  test.concurrent.for(hostileFunctions.map((one, index) => ({ ...one, index })))(
    '$name',
    async ({ index, body, outcome, log }, { expect }) => {
      const name = `hostile-${index}`
      const record = await upload(name, body, outcome === TIMED_OUT ? { Timeout: 2 } : {})
      const running = run(record)
      await greet()
      const result = await running
      expect({
        ...result,
        log: result.ran && result.outcome.kind === 'succeeded' ? '' : await logOf(name),
      }).toMatchObject({ ran: true, outcome })
      if (log !== undefined) expect((await logOf(name)).join('')).toMatch(log)
      await greet()
    },
  )

  test('reach no server by making it their proxy', async ({ expect }) => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const record = await upload(
      'proxied',
      `'http_proxy,HTTP_PROXY,https_proxy,HTTPS_PROXY,all_proxy,ALL_PROXY'.split(',').forEach(function (name) {
        process.env[name] = 'http://127.0.0.1:${port}'
        try { Deno.env.set(name, process.env[name]) } catch (error) { console.log(error.message) }
      })
      new EventSource('http://${FETCH_HOST}/').onerror = function () { context.fail(process.env.http_proxy) }`,
    )
    const result = await run(record)
    server.close()
    // Its own `process.env` it may fill as it likes.
    const errorMessage = `http://127.0.0.1:${port}`
    expect({ result, connections }).toMatchObject({
      result: { outcome: { kind: 'failed', errorMessage } },
      connections: 0,
    })
  })

  test('have no more memory after an end that is forged', async ({ expect }) => {
    const record = await upload(
      'forger',
      `var answer = JSON.stringify({ kind: 'failed', errorMessage: String(process.pid) })
      var frame = JSON.stringify({ kind: 'end', answer: answer, isLast: false, tookMilliseconds: 1 })
      var all = [new Uint8Array(120e6).fill(1)]
      Deno.stdout.writeSync(new TextEncoder().encode('\\0' + frame + '\\n'))
      all.push(new Uint8Array(80e6).fill(1))
      for (;;);`,
    )
    const result = await run(record)
    const pid = result.ran && result.outcome.kind === 'failed' ? result.outcome.errorMessage : ''
    expect(pid).toMatch(/^\d+$/)
    await until(() => !existsSync(`/proc/${pid}`))
  })

  test('have ES modules parsed at their own expense, and only those that they ask for', async ({
    expect,
  }) => {
    const files = (body: string) => ({
      'index.js': `exports.handler = function (event, context) { ${body}; context.succeed() }`,
      // 11 seconds and 1.3 GB for the parser, and a few KB in the zip.
      'big.mjs': '0;'.repeat(2_000_000),
    })
    const more = { Timeout: 2 }
    const patient = await uploadFiles(host, 'patient', files(''), more)
    const parsing = await uploadFiles(host, 'parsing', files(`require('./big.mjs')`), more)
    let lastTurn = performance.now()
    let longestWait = 0
    const turns = setInterval(() => {
      longestWait = Math.max(longestWait, performance.now() - lastTurn)
      lastTurn = performance.now()
    }, 10)
    const results = await Promise.all([run(patient), run(parsing)])
    clearInterval(turns)
    expect(results[0]).toMatchObject({ ran: true, outcome: { kind: 'succeeded' } })
    // Which of its limits it meets first, Timeout or MemorySize, the machine says.
    expect(results[1]).toMatchObject({
      ran: true,
      outcome: { kind: expect.stringMatching(/^(timedOut|exited)$/) as unknown },
    })
    expect(longestWait).toBeLessThan(4000)
  })

  test('do not live on by ends of calls that they do not have', async ({ expect }) => {
    const record = await upload(
      'undead',
      `var frame = JSON.stringify({ kind: 'end', answer: JSON.stringify({ kind: 'failed', errorMessage: String(process.pid) }), isLast: false, tookMilliseconds: 1 })
      for (;;) {
        Deno.stdout.writeSync(new TextEncoder().encode('\\0' + frame + '\\n'))
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
      }`,
    )
    const result = await run(record)
    const pid = result.ran && result.outcome.kind === 'failed' ? result.outcome.errorMessage : ''
    expect(pid).toMatch(/^\d+$/)
    await until(() => !existsSync(`/proc/${pid}`), 10_000)
  })

  test('are given no more calls than they read', async ({ expect }) => {
    const record = await upload(
      'deaf',
      `if (event === 'last') return context.succeed()
      var frame = JSON.stringify({ kind: 'end', answer: '{"kind":"succeeded"}', isLast: false, tookMilliseconds: 1 })
      fs.writeFileSync('/tmp/is-deaf', '')
      for (var call = 1; ; call++) {
        while (!fs.existsSync('/tmp/end-' + call));
        Deno.stdout.writeSync(new TextEncoder().encode('\\0' + frame + '\\n'))
      }`,
      { Timeout: 5 },
    )
    const call = vi.spyOn(FunctionProcess.prototype, 'call')
    const toDeaf = (event: string) =>
      call.mock.calls.filter(([text]) => text.includes(event)).length
    let folder = ''
    for (let number = 1; number <= 3; number++) {
      const running = run(record, 1, JSON.stringify(`deaf${'x'.repeat(1e6)}`))
      await until(() => toDeaf('deafx') === number)
      await until(() => {
        const [found] = globSync(join(host.folder, '*/tmp/is-deaf'))
        folder = dirname(found ?? '')
        return found !== undefined
      })
      writeFileSync(join(folder, `end-${number}`), '')
      expect(await running).toMatchObject({ outcome: { kind: 'succeeded' } })
    }
    vi.restoreAllMocks()
    // It would have waited in vain for the one that forges ends.
    expect(await run(record, 1, '"last"')).toMatchObject({ outcome: { kind: 'succeeded' } })
  })

  test('leave nothing behind', async ({ expect }) => {
    const other = await startProcessHost()
    const record = await uploadFiles(other, 'loop', {
      'index.js': 'exports.handler = function () { for (;;); }',
    })
    const running = other.runner.run({
      record,
      requestId: 'loop',
      attempt: 1,
      slot: 0,
      payload: '{}',
    })
    await until(() => processesOf(other.folder).length > 2)
    await other.close()
    // It is not to blame.
    expect(await running).toEqual({ ran: false, reason: 'The gateway closed' })
    expect(processesOf(other.folder)).toEqual([])
    expect(existsSync(other.folder)).toBe(false)
  })
})

/** The processes that have a folder in their command line. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false
    }
  })
}
