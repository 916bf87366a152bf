import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import { FunctionProcess } from '../../../src/platform/deno/functions/function-process.ts'
import type { Invocation, RunResult } from '../../../src/ports/function-runner.ts'
import { until } from '../../support/local-gateway.ts'
import { startProcessHost } from '../../support/process-host.ts'
import { uploadFiles } from '../../support/runtime-host.ts'

// What an instance is that has a process to itself.

let host: Awaited<ReturnType<typeof startProcessHost>>
beforeAll(async () => {
  host = await startProcessHost()
})
afterAll(() => host.close())

async function disposableHost(...args: Parameters<typeof startProcessHost>) {
  const started = await startProcessHost(...args)
  return { ...started, [Symbol.asyncDispose]: () => started.close() }
}

let calls = 0
const invocation = (record: Invocation['record'], payload: unknown = {}) => ({
  record,
  requestId: `request-${++calls}`,
  attempt: 1,
  slot: 0,
  payload: JSON.stringify(payload),
})

/** What the function failed with, which is how these tell something. */
function told(result: RunResult): string | null | undefined {
  if (!result.ran) throw new Error(result.reason)
  return result.outcome.kind === 'failed' ? result.outcome.errorMessage : result.outcome.kind
}

const handler = (body: string) => ({
  'index.js': `var fs = require('fs')
    exports.handler = function (event, context) {\n${body}\n}`,
})

describe('An instance', () => {
  test('keeps what modules hold, its /tmp and its log stream while all goes well', async ({
    expect,
  }) => {
    const record = await uploadFiles(host, 'counter', {
      'index.js': `var fs = require('fs'), count = 0
        exports.handler = function (event, context) {
          fs.appendFileSync('/tmp/seen', 'x')
          var told = [++count, fs.readFileSync('/tmp/seen', 'utf8'), process.pid].join()
          setTimeout(function () { context.fail(told) }, event)
        }`,
    })
    const first = await host.runner.run(invocation(record, 1))
    const [second, other] = await Promise.all([
      host.runner.run(invocation(record, 3000)),
      host.runner.run(invocation(record, 1)),
    ])
    const [pid] = told(first)?.match(/\d+$/) ?? []
    expect([told(first), told(second)]).toEqual([`1,x,${pid}`, `2,xx,${pid}`])
    expect(told(other)).toMatch(/^1,x,/)
    expect(told(other)).not.toContain(pid)
    expect(first).toMatchObject({ instance: second.ran ? second.instance : '' })
    expect(first).not.toMatchObject({ instance: other.ran ? other.instance : '' })
  })

  test('tells what each call took, without the way there and back', async ({ expect }) => {
    const record = await uploadFiles(host, 'timed', handler('setTimeout(context.done, event)'))
    const called = vi.spyOn(FunctionProcess.prototype, 'call')
    for (const milliseconds of [1, 300, 1]) {
      const startedAt = performance.now()
      await host.runner.run(invocation(record, milliseconds))
      const elapsed = performance.now() - startedAt
      const { end } = await (called.mock.results.at(-1)?.value as ReturnType<typeof called>)
      expect(end?.tookMilliseconds).toBeGreaterThan(milliseconds - 1)
      expect(end?.tookMilliseconds).toBeLessThan(elapsed)
    }
    called.mockRestore()
  })

  test('has one event at a time; of many the warm ones take most', async ({ expect }) => {
    const record = await uploadFiles(host, 'many', {
      'index.js': `var calls = 0, isRunning = false
        exports.handler = function (event, context) {
          if (isRunning) return context.fail('two at a time')
          isRunning = true
          calls++
          setTimeout(function () { isRunning = false; context.fail(String(process.pid)) }, event)
        }`,
    })
    const runs = Array.from({ length: 100 }, () => host.runner.run(invocation(record, 1)))
    const pids = new Set((await Promise.all(runs)).map(told))
    expect(pids).not.toContain('two at a time')
    expect(pids.size).toBeLessThan(20)
  })

  test('has Deno keep nothing in a folder that others share', async ({ expect }) => {
    const record = await uploadFiles(
      host,
      'kept',
      handler('context.fail([process.pid, Deno.env.get("DENO_DIR"), process.env.DENO_DIR].join())'),
    )
    const [, pid] = /^(\d+),,$/.exec(told(await host.runner.run(invocation(record))) ?? '') ?? []
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('DENO_DIR=/dev/null/deno\0')
  })

  test('is made for a second event while the first one runs', async ({ expect }) => {
    const record = await uploadFiles(host, 'slow', {
      'index.js': `exports.handler = function (event, context) {
        setTimeout(function () { context.fail(String(event)) }, event) }`,
    })
    const order: unknown[] = []
    const run = async (milliseconds: number) => {
      order.push(told(await host.runner.run(invocation(record, milliseconds))))
    }
    await Promise.all([run(5000), run(1)])
    expect(order).toEqual(['1', '5000'])
  })

  test('is another one after the function has changed', async ({ expect }) => {
    const before = await uploadFiles(host, 'changing', handler('context.fail("one")'))
    expect(told(await host.runner.run(invocation(before)))).toBe('one')
    const after = await uploadFiles(host, 'changing', handler('context.fail("two")'))
    expect(told(await host.runner.run(invocation(after)))).toBe('two')
  })

  test('stands still between calls, and what is left of one goes on in the next', async ({
    expect,
  }) => {
    const record = await uploadFiles(host, 'frozen', {
      'index.js': `var ticks = 0
        exports.handler = function (event, context) {
          if (event === 'ask') return setTimeout(function () { context.fail(String(ticks > 0)) }, 50)
          setInterval(function () { ticks++ }, 5)
          context.fail(String(process.pid))
        }`,
    })
    const pid = told(await host.runner.run(invocation(record)))
    // It is stopped altogether when it has been left alone for a while.
    await until(() => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
    expect(told(await host.runner.run(invocation(record, 'ask')))).toBe('true')
  })

  test('is called as the gateway says, whatever its function has given to all objects', async ({
    expect,
  }) => {
    const record = await uploadFiles(host, 'polluted', {
      'index.js': `exports.other = function (event, context) { context.fail('other') }
        exports.handler = function (event, context) {
          var told = [context.functionName, process.env.AWS_REGION, event].join()
          Object.prototype.event = '"forged"'
          Object.prototype.AWS_REGION = 'forged'
          Object.prototype.description = { functionName: 'forged', handler: 'index.other', environment: { AWS_REGION: 'forged' } }
          context.fail(told)
        }`,
    })
    const first = told(await host.runner.run(invocation(record, 1)))
    const second = told(await host.runner.run(invocation(record, 2)))
    expect([first, second]).toEqual(['polluted,us-east-1,1', 'polluted,us-east-1,2'])
  })

  test('is told of other credentials when its role has been made anew', async ({ expect }) => {
    let aheadMilliseconds = 0
    const now = () => Date.now() + aheadMilliseconds
    const variables = { KEY_ENCRYPTION_SECRET: 'secret' }
    await using renewed = await disposableHost(variables, { now })
    const makeRole = (roleId: string) =>
      renewed.directory.ask('createRole', {
        roleName: 'lambda',
        path: '/',
        roleId,
        description: '',
        maxSessionSeconds: 3600,
        trustPolicy: '{}',
        isForLambda: true,
      })
    const record = await uploadFiles(renewed, 'roles', {
      'index.js': `var calls = 0
        exports.handler = function (event, context) {
          context.fail(++calls + ' ' + process.env.AWS_ACCESS_KEY_ID) }`,
    })
    const call = async () => told(await renewed.runner.run(invocation(record)))?.split(' ') ?? []
    await makeRole('AROAFIRST')
    const [first, second] = [await call(), await call()]
    await renewed.directory.ask('deleteRole', { roleName: 'lambda' })
    await makeRole('AROASECOND')
    // Roles are remembered for half a minute.
    aheadMilliseconds = 31_000
    const third = await call()
    expect([first[0], second[0], third[0]]).toEqual(['1', '2', '3'])
    expect(first[1]).toMatch(/^ASIA/)
    expect(second[1]).toBe(first[1])
    expect(third[1]).toMatch(/^ASIA/)
    expect(third[1]).not.toBe(first[1])
  })

  test('makes code of strings, and of files that it has written', async ({ expect }) => {
    const body = `fs.writeFileSync('/tmp/made.js', 'exports.name = __filename')
      context.fail([eval('1 + 1'), new Function('a', 'return a * 2')(2),
        require('vm').runInNewContext('b + 1', { b: 5 }), require('/tmp/made.js').name].join())`
    const record = await uploadFiles(host, 'strings', handler(body))
    expect(told(await host.runner.run(invocation(record)))).toBe('2,4,6,/tmp/made.js')
  })

  test('tells in its log how much memory it needed', async ({ expect }) => {
    const body = 'global.kept = Buffer.alloc(60e6, 1); context.done()'
    const record = await uploadFiles(host, 'memory', handler(body))
    await host.runner.run(invocation(record))
    const report = await reportOf('memory')
    const megabytes = Number(/Max Memory Used: (\d+) MB/.exec(report)?.[1])
    // Of the 57, what the process gave back of its own meanwhile.
    expect(megabytes).toBeGreaterThanOrEqual(50)
    expect(megabytes).toBeLessThan(128)
  })
})

describe('Of all functions together there are only so many instances', () => {
  test('an idle one makes room, and where none is idle the next waits', async ({ expect }) => {
    const small = await startProcessHost({}, { maxInstances: 2, spareProcesses: 0 })
    const upload = (name: string) =>
      uploadFiles(small, name, {
        'index.js': `var count = 0
          exports.handler = function (event, context) {
            setTimeout(function () { context.fail(String(++count)) }, event) }`,
      })
    const [a, b, c] = [await upload('a'), await upload('b'), await upload('c')]
    const run = async (record: typeof a, milliseconds = 1) =>
      told(await small.runner.run(invocation(record, milliseconds)))
    expect([await run(a), await run(b), await run(b)]).toEqual(['1', '1', '2'])
    // The one that was called longest ago goes.
    expect([await run(c), await run(b), await run(a)]).toEqual(['1', '3', '1'])
    const both = [run(a, 400), run(b, 400)]
    expect(await Promise.all([...both, run(c)])).toEqual(['2', '4', '1'])
    await small.close()
  })

  test('of several that wait, one goes on whenever there is room for one', async ({ expect }) => {
    const single = await startProcessHost({}, { maxInstances: 1, spareProcesses: 0 })
    const files = handler('setTimeout(context.done, 300)')
    const records = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => uploadFiles(single, name, files)),
    )
    const results = await Promise.all(
      records.map((record) => single.runner.run(invocation(record))),
    )
    expect(results.map(told)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded'])
    await single.close()
  })

  test('one whose lines heap up takes no other call before they are stored', async ({ expect }) => {
    const stored = Promise.withResolvers<undefined>()
    let isBehind = true
    const logs = { append: () => stored.promise, isBehind: () => isBehind }
    const two = await startProcessHost({}, { maxInstances: 2, spareProcesses: 0, logs })
    const f = await uploadFiles(two, 'f', handler('context.done()'))
    const g = await uploadFiles(two, 'g', handler('setTimeout(context.done, 500)'))
    await two.runner.run(invocation(f))
    isBehind = false
    const ended: string[] = []
    const run = async (name: string, record: typeof f) => {
      await two.runner.run(invocation(record))
      ended.push(name)
    }
    await Promise.all([run('g', g), run('f', f)])
    // In the other's place.
    expect(ended).toEqual(['g', 'f'])
    stored.resolve(undefined)
    await two.close()
  })
})

test('Credentials that cannot be issued take no instance', async ({ expect }) => {
  let isDiskFine = false
  const identities = {
    get: () => (isDiskFine ? Promise.resolve(undefined) : Promise.reject(new Error('no disk'))),
  }
  const other = await startProcessHost({}, { identities })
  const record = await uploadFiles(other, 'f', handler('context.done()'))
  expect(await other.runner.run(invocation(record))).toMatchObject({ ran: false })
  isDiskFine = true
  expect(told(await other.runner.run(invocation(record)))).toBe('succeeded')
  await other.close()
})

test('A folder whose path is too long for sockets is refused, and the longest is not', async ({
  expect,
}) => {
  const root = await mkdtemp(join(tmpdir(), 'paths-'))
  const longest = join(root, 'x'.repeat(80 - root.length - 1))
  const fitting = await startProcessHost({}, { folder: longest })
  const record = await uploadFiles(fitting, 'f', handler('context.done()'))
  expect(told(await fitting.runner.run(invocation(record)))).toBe('succeeded')
  await fitting.close()
  await expect(startProcessHost({}, { folder: `${longest}x` })).rejects.toThrow(
    `The path ${longest}x has 81 bytes. Sockets lie in it, so it may have 80`,
  )
  await rm(root, { recursive: true })
})

test('A package that is not in the store does not run, and the next try may', async ({
  expect,
}) => {
  const record = await uploadFiles(host, 'lost', handler('context.fail("found")'))
  const lost = { ...record, codeKey: 'code/lost/2.zip' }
  expect(await host.runner.run(invocation(lost))).toMatchObject({ ran: false })
  expect(told(await host.runner.run(invocation(record)))).toBe('found')
})

async function reportOf(name: string): Promise<string> {
  let report: string | undefined
  await until(async () => {
    const read = await host.logs.read(`/aws/lambda/${name}`, { limit: 100 })
    const messages = read.kind === 'page' ? read.events.map(({ message }) => message) : []
    report = messages.find((message) => message.startsWith('REPORT'))
    return report !== undefined
  })
  return report ?? ''
}
