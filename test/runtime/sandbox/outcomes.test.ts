import { afterAll, beforeAll, describe, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

const EXITED = { kind: 'exited' }
const NO_TEXT =
  'fail() called with argument but a problem was encountered while converting it to a to string'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

const answering = [
  { name: 'done(null, data)', body: 'context.done(null, { a: [1] })', result: '{"a":[1]}' },
  { name: 'done() without arguments', body: 'context.done()', result: 'null' },
  { name: 'done(undefined, data)', body: 'context.done(undefined, 1)', result: '1' },
  { name: 'succeed(data)', body: 'context.succeed("x")', result: '"x"' },
  { name: 'succeed(function)', body: 'context.succeed(function () {})', result: 'null' },
  { name: 'the first of several', body: 'context.done(null, 1); context.fail("no")', result: '1' },
  { name: 'a detached done', body: 'var done = context.done; done(null, 2)', result: '2' },
  { name: 'done as a callback', body: 'require("fs").stat("/tmp", context.done)' },
  {
    name: 'the third parameter',
    head: 'event, context, callback',
    body: 'callback(null, 3)',
    result: '3',
  },
  {
    name: 'an async function',
    head: 'async',
    body: 'await null; return { a: 1 }',
    result: '{"a":1}',
  },
]

describe('a call succeeds', () => {
  test.for(answering)(
    'with $name',
    async ({ head = 'event, context', body, result }, { expect }) => {
      const isAsync = head === 'async'
      const parameters = isAsync ? 'event' : head
      const source = `exports.handler = ${isAsync ? 'async ' : ''}function (${parameters}) { ${body} }`
      const { answer } = await host.instance(source)()
      if (result === undefined) expect(answer).toMatchObject({ kind: 'succeeded' })
      else expect(answer).toEqual({ kind: 'succeeded', result })
    },
  )
})

const failing = [
  { name: 'fail(string)', body: 'context.fail("no luck")', errorMessage: 'no luck' },
  { name: 'done(string)', body: 'context.done("no luck", 1)', errorMessage: 'no luck' },
  { name: 'fail()', body: 'context.fail()', errorMessage: null },
  { name: 'fail(object)', body: 'context.fail({ a: 1 })', errorMessage: '[object Object]' },
  {
    name: 'an object whose toString throws',
    body: 'context.fail({ toString: function () { throw 1 } })',
    errorMessage: NO_TEXT,
  },
  {
    name: 'an object without a prototype',
    body: 'context.fail(Object.create(null))',
    errorMessage: NO_TEXT,
  },
]

describe('a call fails', () => {
  test.for(failing)('with $name', async ({ body, errorMessage }, { expect }) => {
    const run = host.instance(`exports.handler = function (event, context) { ${body} }`)
    expect((await run()).answer).toEqual({ kind: 'failed', errorMessage })
  })

  test('with an error: its name, its message and where it was made', async ({ expect }) => {
    const run = host.instance(`exports.handler = function (event, context) {
      context.fail(new TypeError('bad type'))
    }`)
    expect((await run()).answer).toEqual({
      kind: 'failed',
      errorType: 'TypeError',
      errorMessage: 'bad type',
      stack: 'TypeError: bad type\n    at exports.handler (/var/task/index.js:2:20)',
    })
  })

  test('when the result has no JSON form', async ({ expect }) => {
    const run = host.instance(`exports.handler = function (event, context) {
      var a = {}
      a.a = a
      context.succeed(a)
    }`)
    const { answer } = await run()
    expect(answer).toMatchObject({ kind: 'failed' })
    expect(answer).toHaveProperty(
      'errorMessage',
      expect.stringMatching(/^Unable to stringify body as json: Converting circular structure/),
    )
  })

  test('when an async function throws', async ({ expect }) => {
    const run = host.instance('exports.handler = async () => { throw new Error("later") }')
    expect((await run()).answer).toMatchObject({ kind: 'failed', errorMessage: 'later' })
  })

  test('when the module has no such handler', async ({ expect }) => {
    const errorMessage = "Handler 'handler' missing on module 'index'"
    for (const source of [
      'exports.handle = 1',
      'exports.handler = null',
      'module.exports = null',
    ]) {
      const { answer } = await host.instance(source)()
      expect(answer).toEqual({ kind: 'failed', errorMessage, log: errorMessage })
    }
  })
})

const dying = [
  { name: 'a throw', body: 'throw new Error("boom")' },
  { name: 'a throw in setTimeout', body: 'setTimeout(function () { throw new Error("boom") }, 1)' },
  {
    name: 'a throw in setImmediate',
    body: 'setImmediate(function () { throw new Error("boom") })',
  },
  {
    name: 'a throw in a timer of require("timers")',
    body: 'require("timers").setInterval(function () { throw new Error("boom") }, 1)',
  },
  {
    name: 'a throw in nextTick',
    body: 'process.nextTick(function () { throw new Error("boom") })',
  },
  {
    name: 'a throw in a microtask',
    body: 'queueMicrotask(function () { throw new Error("boom") })',
  },
  {
    name: 'a throw in a callback of fs',
    body: 'require("fs").readFile("/tmp/x", function () { throw new Error("boom") })',
  },
  {
    name: 'an error event that nobody listens to',
    body: 'setTimeout(function () { new (require("events"))().emit("error", new Error("boom")) }, 1)',
  },
]

describe('a call ends like a process that dies, its stack in the log', () => {
  test.for(dying)('after $name', async ({ body }, { expect }) => {
    const run = host.instance(`exports.handler = function (event, context) { ${body} }`)
    const { answer, errors } = await run()
    expect(answer).toEqual(EXITED)
    expect(errors).toEqual([
      expect.stringMatching(/^Error: boom\n +at .*\/var\/task\/index\.js:1:/),
    ])
  })
})
