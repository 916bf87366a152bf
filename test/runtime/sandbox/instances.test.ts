import { afterAll, beforeAll, test } from 'vitest'
import {
  startSandboxHost,
  type Run,
  type SandboxHost,
  type SandboxRun,
} from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

/** Answers how often its module and its handler ran, unless the event says otherwise. */
const COUNTING = `
  loads = (typeof loads === 'number' ? loads : 0) + 1
  if (escape === null) loads += 100
  escape = null
  var calls = 0
  exports.handler = function (event, context) {
    calls++
    if (event === 'fail') return context.fail('failed')
    if (event === 'throw') throw new Error('thrown')
    if (event === 'throw late') { context.done(); throw new Error('late') }
    if (event === 'exit') process.exit(3)
    if (event === 'hang') return
    if (event === 'spin') return setInterval(function () {}, 5)
    if (event === 'wait') return require('http').get('http://gate/', function () { context.done() })
    context.done(null, [loads, calls])
  }`

const WARM = { kind: 'succeeded', result: '[1,2]' }
const FRESH = { kind: 'succeeded', result: '[1,1]' }

function call(run: Run, event: string): Promise<SandboxRun> {
  return run({ event: JSON.stringify(event) })
}

/** Asks until the instance is free: a call that was cut off keeps it until its deadline. */
async function untilFree(run: Run): Promise<SandboxRun> {
  let result = await call(run, 'count')
  while (result.answer?.kind === 'busy') result = await call(run, 'count')
  return result
}

test('A call finds the globals and modules of the call before', async ({ expect }) => {
  const run = host.instance(COUNTING)
  expect((await call(run, 'count')).answer).toEqual(FRESH)
  expect((await call(run, 'count')).answer).toEqual(WARM)
})

test('A failure that the function reports leaves the instance warm', async ({ expect }) => {
  const run = host.instance(COUNTING)
  expect((await call(run, 'fail')).answer).toEqual({ kind: 'failed', errorMessage: 'failed' })
  expect((await call(run, 'count')).answer).toEqual(WARM)
})

test('After an uncaught throw the next call starts afresh at once', async ({ expect }) => {
  const run = host.instance(COUNTING)
  expect((await call(run, 'throw')).answer).toMatchObject({ kind: 'exited' })
  expect((await call(run, 'count')).answer).toEqual(FRESH)
})

test('A throw after done is logged, does not change the answer, and ends the process', async ({
  expect,
}) => {
  const run = host.instance(COUNTING)
  const { answer, errors } = await call(run, 'throw late')
  expect(answer).toEqual({ kind: 'succeeded', result: 'null' })
  expect(errors).toEqual([expect.stringContaining('Error: late')])
  expect((await call(run, 'count')).answer).toEqual(FRESH)
})

test('process.exit rejects the call, and the next one starts afresh at once', async ({
  expect,
}) => {
  const run = host.instance(COUNTING)
  const { answer, thrown } = await call(run, 'exit')
  expect(answer).toBeUndefined()
  expect(thrown).toContain('process.exit(3)')
  expect((await call(run, 'count')).answer).toEqual(FRESH)
})

test('A handler that can never end is rejected long before its deadline', async ({ expect }) => {
  const run = host.instance(COUNTING)
  const { thrown } = await run({ event: '"hang"', busyUntilMilliseconds: Date.now() + 50 })
  expect(thrown).toContain('hung')
  expect((await untilFree(run)).answer).toEqual(FRESH)
})

test('After an abort the instance is busy until its deadline, then starts afresh', async ({
  expect,
}) => {
  const run = host.instance(COUNTING)
  await call(run, 'count')
  const busyUntilMilliseconds = Date.now() + 300
  const aborted = await run({ event: '"spin"', busyUntilMilliseconds, timeoutMilliseconds: 50 })
  expect(aborted.thrown).toContain('TimeoutError')
  expect((await call(run, 'count')).answer).toEqual({ kind: 'busy' })
  expect((await untilFree(run)).answer).toEqual(FRESH)
  expect(Date.now()).toBeGreaterThanOrEqual(busyUntilMilliseconds)
})

test('An instance that is told of the abort starts afresh at once', async ({ expect }) => {
  const run = host.instance(COUNTING)
  await call(run, 'count')
  const aborted = await run({ event: '"spin"', timeoutMilliseconds: 50, isEnded: true })
  expect(aborted.thrown).toContain('TimeoutError')
  expect((await call(run, 'count')).answer).toEqual(FRESH)
})

test('A call that comes while another is in progress is told so and touches nothing', async ({
  expect,
}) => {
  const run = host.instance(COUNTING)
  const first = call(run, 'wait')
  await host.functionWaits()
  expect(await run({ event: '"count"', environment: { A: '1' } })).toEqual({
    answer: { kind: 'busy' },
    lines: [],
    errors: [],
  })
  await host.openNetwork()
  expect((await first).answer).toEqual({ kind: 'succeeded', result: 'null' })
  expect((await call(run, 'count')).answer).toEqual(WARM)
})

test('The environment is that of the call, and what a process makes of it stays with it', async ({
  expect,
}) => {
  const run = host.instance(`
    process.env.MODE = process.env.A + 2
    exports.handler = function (e, context) {
      context.done(null, process.env)
      if (e === 'exit') process.exit()
    }`)
  const seen = async (environment: Record<string, string>, event = '""') =>
    (await run({ environment, event })).answer
  const first = { kind: 'succeeded', result: '{"A":"1","KEY":"a","MODE":"12"}' }
  expect(await seen({ A: '1', KEY: 'a' })).toEqual(first)
  const second = { kind: 'succeeded', result: '{"A":"1","KEY":"b","MODE":"12"}' }
  expect(await seen({ A: '1', KEY: 'b' }, '"exit"')).toEqual(second)
  const third = { kind: 'succeeded', result: '{"A":"3","MODE":"32"}' }
  expect(await seen({ A: '3' })).toEqual(third)
})

test('User code that breaks what the sandbox is made of is answered for all the same', async ({
  expect,
}) => {
  const run = host.instance(`
    var poison = function () { throw new Error('poisoned') }
    process.nextTick = process.exit = process.emit = process.cwd = poison
    console.log = console.error = console.warn = poison
    JSON.stringify = JSON.parse = Date.now = Reflect.apply = Object.setPrototypeOf = poison
    Object.prototype.toJSON = Array.prototype.toJSON = poison
    Object.prototype.extra = 1
    Error.prepareStackTrace = poison
    Response = Promise = Request = Date = Error = JSON = Reflect = setTimeout = undefined
    exports.handler = function (event, context) {
      context.fail(new TypeError('answered'))
    }`)
  for (const requestId of ['first', 'second']) {
    const { answer } = await run({ requestId })
    expect(answer).toMatchObject({ kind: 'failed', errorMessage: 'answered' })
  }
})
