import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import { ROLE } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'

// The real command line in processes of its own, against a real `npm start`.

interface Run {
  code: number
  stdout: string
  stderr: string
}

let gateway: LocalGateway
let home: string
let folder: string

beforeAll(async () => {
  gateway = await startGateway({ variables: { INVOKE_RETRY_DELAYS: '' } })
  home = await mkdtemp(join(tmpdir(), 'cli-home-'))
  folder = join(home, 'code')
  await mkdir(join(folder, 'lib'), { recursive: true })
  await mkdir(join(folder, '.git'))
  await writeFile(join(folder, '.git', 'config'), 'not for the gateway')
  await writeFile(join(folder, 'lib', 'real.js'), `exports.word = 'linked'`)
  await symlink('real.js', join(folder, 'lib', 'link.js'))
  await writeFile(
    join(folder, 'index.js'),
    `var fs = require('fs')
exports.handler = function (event, context) {
  console.log(require('./lib/link').word, fs.existsSync('/var/task/.git'), '\\u001b[31m' + event.name)
  if (event.isBad) return context.fail(new Error('no good'))
  context.done()
}`,
  )
})

afterAll(async () => {
  await gateway.stop()
  await rm(home, { recursive: true, force: true })
})

function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
  const local = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
  return {
    ...Object.fromEntries(own),
    HOME: home,
    AWS_ENDPOINT_URL: gateway.url,
    ...local,
    ...more,
  }
}

function cli(args: string[], more: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const options = { env: environment(more) }
    execFile('node', ['src/cli/main.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await cli([...args, '--json'])
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as unknown
}

const deployArguments = (name: string) =>
  ['deploy', folder, '--name', name, '--handler', 'index.handler', '--role', ROLE].concat([
    ...['--timeout', '7'],
  ])

async function invoke(name: string, event: object): Promise<string> {
  const url = `${gateway.url}/2014-11-13/functions/${name}/invoke-async/`
  const response = await fetch(
    await signedRequest(url, { method: 'POST', body: JSON.stringify(event) }),
  )
  return response.headers.get('x-amzn-requestid') ?? ''
}

async function dead(name: string, event: object): Promise<string> {
  const requestId = await invoke(name, { ...event, isBad: true })
  const url = `${gateway.url}/gateway/functions/${name}/dead-letters/${requestId}`
  await until(async () => (await fetch(await signedRequest(url))).ok)
  return requestId
}

describe('lambda-edge-gateway', () => {
  test('deploys a folder without .git, with its links, and shows what it did', async () => {
    const deployed = await cli(deployArguments('whole'))
    expect(deployed).toMatchObject({ code: 0, stdout: expect.stringContaining('is deployed') })
    // A bar is for terminals only.
    expect(deployed.stderr).toMatch(/^Uploading \d+ bytes …\n$/)
    const requestId = await invoke('whole', { name: 'Ann' })
    await until(async () =>
      /^State: +succeeded/.test((await cli(['show', 'whole', requestId])).stdout),
    )

    const shown = await cli(['show', 'whole', requestId])
    expect(shown.stdout).toMatch(/ATTEMPT +STARTED AT[^]*START Request[^]*linked false[^]*REPORT/)
    expect(await json('show', 'whole', requestId)).toMatchObject({
      RequestId: requestId,
      State: 'succeeded',
      Attempts: [{}],
    })
    const tail = await cli(['tail', 'whole'])
    // What a function prints does not reach the terminal as a command to it.
    expect(tail.stdout).toContain('linked false \\u001b[31mAnn\n')
    expect(await json('status')).toMatchObject({
      Functions: expect.arrayContaining([
        expect.objectContaining({
          FunctionName: 'whole',
          Timeout: 7,
          Invocations: { Queued: 0, Running: 0, Waiting: 0, Succeeded: 1, Dead: 0 },
        }),
      ]),
      EventSources: [],
    })
  })

  test('lists, shows, sends again and purges dead letters', async () => {
    await cli(deployArguments('mortal'))
    const first = await dead('mortal', { name: 'one' })
    const second = await dead('mortal', { name: 'two' })
    const list = await cli(['dead', 'list', 'mortal'])
    expect(list.stdout).toMatch(
      new RegExp(`^REQUEST ID.*\n${first}.*no good\n${second}.*no good\n$`),
    )
    const page = await cli(['dead', 'list', 'mortal', '--limit', '1'])
    expect(page.stdout).not.toContain(second)
    expect(page.stderr).toBe('There are more than these 1; --limit shows more.\n')
    const payload = JSON.stringify({ name: 'one', isBad: true })
    expect(await json('dead', 'show', 'mortal', first)).toMatchObject({ Payload: payload })
    expect(await json('invocations', 'mortal', '--state', 'dead')).toMatchObject({
      Invocations: [{ RequestId: second }, { RequestId: first }],
    })

    expect(await json('dead', 'redrive', 'mortal', first)).toEqual({ Redriven: 1 })
    await until(async () => {
      const letters = (await json('dead', 'list', 'mortal')) as {
        DeadLetters: { RequestId: string }[]
      }
      // It died once more, and so after the other.
      return letters.DeadLetters.at(-1)?.RequestId === first
    })
    const some = await cli(['dead', 'purge', 'mortal', second, 'unknown'])
    expect(some).toMatchObject({ code: 1, stdout: 'Deleted: 1\n' })
    expect(some.stderr).toBe('Deleted 1 of 2: the others are not among the dead letters\n')
    expect(await json('dead', 'purge', 'mortal', '--all')).toEqual({ Purged: 1 })
    expect(await json('dead', 'list', 'mortal')).toEqual({ DeadLetters: [] })
  })

  test('takes all dead letters only when it is told so', async () => {
    for (const verb of ['redrive', 'purge']) {
      const none = await cli(['dead', verb, 'mortal'])
      expect(none).toEqual({ code: 1, stdout: '', stderr: 'Say which: request ids, or --all\n' })
    }
  })

  test('follows a log that does not exist yet', async () => {
    await cli(deployArguments('followed'))
    const follower = spawn('node', ['src/cli/main.ts', 'tail', 'followed', '--follow', '--json'], {
      env: environment(),
    })
    let output = ''
    follower.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    try {
      for (const name of ['first', 'second']) {
        await invoke('followed', { name })
        await until(() => output.includes(name))
      }
    } finally {
      follower.kill('SIGINT')
    }
    const lines = output.trim().split('\n')
    const ids = lines.map((line) => (JSON.parse(line) as { eventId: string }).eventId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('finds a healthy gateway healthy, and leaves nothing of its canary', async () => {
    const { code, stdout } = await cli(['doctor'])
    expect(stdout.split('\n').map((line) => line.slice(0, 25).trim())).toEqual([
      'ok       configuration',
      'ok       reachable',
      'ok       clock',
      'ok       credential',
      'ok       functions',
      'ok       canary uploaded',
      'ok       canary invoked',
      'ok       canary logged',
      'ok       canary deleted',
      '',
    ])
    expect(code).toBe(0)
    expect((await cli(['status'])).stdout).not.toContain('gateway-doctor')
  })

  test('says what to do when the gateway is away, or the clock or the secret is wrong', async () => {
    const away = `http://127.0.0.1:${await freePort()}`
    const unreachable = await cli(['doctor', '--endpoint-url', away])
    expect(unreachable.stdout).toContain(
      `FAIL     reachable        ${away} cannot be reached: ECONNREFUSED`,
    )
    expect(unreachable.stdout).toContain('npm start')
    expect(unreachable).toMatchObject({ code: 1, stderr: '1 check failed\n' })

    const refused = await cli(['doctor'], { AWS_SECRET_ACCESS_KEY: 'wrong' })
    expect(refused.stdout).toMatch(/FAIL {5}credential.*signature we calculated/)
    expect(refused.stdout).not.toContain('wrong')
    expect(refused.code).toBe(1)

    const server = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString()).end('{}')
    })
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const late = await cli(['doctor', '--endpoint-url', `http://127.0.0.1:${port}`])
    server.close()
    expect(late.stdout).toMatch(
      /FAIL {5}clock +This clock is 360\d s ahead of the gateway\. Set the clock/,
    )
  })

  test('reads endpoint, region and credential from a profile', async () => {
    const aws = join(home, '.aws')
    await mkdir(aws)
    await writeFile(
      join(aws, 'config'),
      `[profile edge]\nendpoint_url = ${gateway.url}\nregion = us-east-1\n[profile empty]\nregion = x\n`,
    )
    const keys = 'aws_access_key_id = local\naws_secret_access_key = local\n'
    await writeFile(join(aws, 'credentials'), `[edge]\n${keys}`)
    const none = { AWS_ENDPOINT_URL: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    expect(await cli(['status'], { ...none, AWS_PROFILE: 'edge' })).toMatchObject({ code: 0 })
    // A profile that is asked for by flag goes before the environment's credential.
    const wrong = { ...none, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' }
    expect(await cli(['status', '--profile', 'edge'], wrong)).toMatchObject({ code: 0 })
    expect(await cli(['status'], { ...wrong, AWS_PROFILE: 'edge' })).toMatchObject({ code: 1 })
    const empty = await cli(['status', '--profile', 'empty'])
    expect(empty.stderr).toMatch(/^Profile empty has no aws_access_key_id.*\n$/)
  })

  test.each([
    { args: ['show', 'hello', 'no-such-event'], error: /^ResourceNotFoundException: .*\n$/ },
    { args: ['tail', 'nobody'], error: /^nobody has no log: .*\n$/ },
    {
      args: ['deploy', '/nowhere', '--name', 'x', '--handler', 'i.h', '--role', ROLE],
      error: /^\/nowhere is not a folder/,
    },
    { args: ['status', '--profile', 'nobody'], error: /^There is no profile nobody .*\n$/ },
    {
      args: ['status', '--endpoint-url', 'ftp://x'],
      error: /^The endpoint ftp:\/\/x is no URL .*\n$/,
    },
    { args: ['show', '../x', 'y'], error: /A function has 1 to 64 letters/ },
    { args: ['invocations', 'f', '--state', 'lost'], error: /Allowed choices are queued, running/ },
  ])('answers $args with one clear error', async ({ args, error }) => {
    const { code, stdout, stderr } = await cli(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(error)
    expect(stderr).not.toContain('    at ')
  })
})
