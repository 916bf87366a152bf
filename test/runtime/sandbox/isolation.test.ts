import { afterAll, beforeAll, describe, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

async function seen(expression: string): Promise<unknown> {
  const run = host.instance(
    `exports.handler = async function (event, context) { return ${expression} }`,
  )
  const { answer, thrown } = await run({ environment: { AWS_REGION: 'here' } })
  if (answer?.kind !== 'succeeded') throw new Error(JSON.stringify(answer ?? thrown))
  return JSON.parse(answer.result ?? 'null')
}

describe('a function sees nothing but its own', () => {
  test.for<{ what: string; expression: string; found: unknown }>([
    {
      what: 'its environment',
      expression: 'process.env',
      found: { AWS_REGION: 'here' },
    },
    {
      what: 'bindings of the platform',
      expression: `import('cloudflare:workers').then((m) => [m.env, Object.keys(m.exports)])`,
      found: [{}, ['Instance']],
    },
    {
      what: 'bindings by require',
      expression: `Object.keys(require('cloudflare:workers').env)`,
      found: [],
    },
    {
      what: 'files outside its package, but for the program that runs it',
      expression: `[require('fs').readdirSync('/bundle').sort(), require('fs').readdirSync('/bundle/var')]`,
      found: [['gateway', 'sandbox.js', 'var'], ['task']],
    },
    {
      what: 'modules of the gateway',
      expression: `['sandbox.js', '/sandbox.js', 'gateway/broken.json', '/gateway/broken.json', './sandbox.js'].map(
        function (name) { try { require(name); return 'found' } catch (e) { return e.code } })`,
      found: Array(5).fill('MODULE_NOT_FOUND'),
    },
    {
      what: 'modules of the gateway by a require of its making',
      expression: `['/x.js', 'file:///x.js', 'file:///bundle/x.js'].map(function (from) {
        try { return require('module').createRequire(from)('./sandbox.js') } catch (e) { return e.code } })`,
      found: Array(3).fill('MODULE_NOT_FOUND'),
    },
    {
      what: 'internals of the platform',
      expression: `Promise.all(['workerd:unsafe', 'node-internal:process', 'cloudflare-internal:env'].map(
        (name) => import(name).then(() => 'found', () => 'none')))`,
      found: Array(3).fill('none'),
    },
  ])('$what', async ({ expression, found }, { expect }) => {
    expect(await seen(expression)).toEqual(found)
  })
})

const patches = [
  `Object.defineProperty(Promise.prototype, 'constructor', { get: poison })
   Promise.prototype.then = Promise.prototype.catch = Object.prototype.then = poison`,
  `Request.prototype.text = Request.prototype.json = Response.prototype.then = poison
   Object.defineProperty(Request.prototype, 'url', { get: poison })
   Object.defineProperty(Request.prototype, 'method', { get: poison })`,
  `['kind', 'errorMessage', 'stack', 'log', 'result', 'url', 'isSettled'].forEach(function (name) {
     Object.defineProperty(Object.prototype, name, { get: poison, set: poison, configurable: true }) })`,
  `Object.prototype.toJSON = Array.prototype.toJSON = String.prototype.toJSON = poison`,
  `Object.prototype.get = Object.prototype.value = Object.prototype.set = poison`,
  `JSON.stringify = JSON.parse = Date.now = Reflect.apply = Object.keys = console.log = poison`,
  `Array.prototype[Symbol.iterator] = Array.prototype.push = Array.prototype.map = poison`,
  `RegExp.prototype.exec = RegExp.prototype.test = String.prototype.split = poison
   String.prototype.replace = String.prototype.slice = String.prototype.startsWith = poison`,
  `Function.prototype.call = Function.prototype.apply = Function.prototype.bind = poison`,
  `Error.prepareStackTrace = poison; Error.prototype.toString = poison`,
  `Response = fetch = Promise = Reflect = Object = undefined`,
]

describe('whatever a function does to the globals,', () => {
  test.for(patches)(
    'its outcome is reported, and a fresh start has none of it: %s',
    async (patch, { expect }) => {
      const run = host.instance(`
      exports.handler = function (event, context) {
        if (event === 'whole') return context.succeed([typeof Object, [1].map(String), 'a,b'.split(',')])
        var poison = function () { throw new Error('poisoned') }
        var exit = process.exit
        if (event === 'patch') { ${patch} }
        if (event === 'die') return exit(1)
        context.fail('reported')
      }`)
      const reported = { kind: 'failed', errorMessage: 'reported' }
      expect((await run({ event: '"patch"' })).answer).toEqual(reported)
      await run({ event: '"die"', isEnded: true })
      const whole = { kind: 'succeeded', result: '["object",["1"],["a","b"]]' }
      expect((await run({ event: '"whole"' })).answer).toMatchObject({
        ...whole,
        result: whole.result.replace('"object"', '"function"'),
      })
    },
  )
})

const results = [
  { name: 'a __proto__ key', body: `context.succeed(JSON.parse('{"__proto__": {"a": 1}}'))` },
  { name: 'lone surrogates', body: `context.succeed('\\ud800')` },
  { name: 'a huge string', body: `context.succeed(new Array(2e7).join('x'))` },
  { name: 'a toJSON that throws', body: `context.succeed({ toJSON: function () { throw {} } })` },
  { name: 'a getter that throws', body: `context.succeed({ get a() { throw null } })` },
  { name: 'a BigInt', body: `context.succeed(BigInt(1))` },
  { name: 'a symbol as failure', body: `context.fail(Symbol('x'))` },
  { name: 'a huge failure', body: `context.fail(new Array(2e7).join('x'))` },
  { name: 'a hostile proxy as failure', body: `context.fail(hostile)` },
  { name: 'a hostile proxy as result', body: `context.succeed(hostile)` },
  { name: 'a thrown hostile proxy', body: `throw hostile` },
  { name: 'undefined, thrown', body: `throw undefined` },
  { name: 'a rejected hostile proxy', body: `Promise.reject(hostile); context.done()` },
  {
    name: 'an error with getters',
    body: `throw Object.defineProperty(new Error(), 'stack', { get: function () { throw 1 } })`,
  },
  {
    name: 'an error with a huge name',
    body: `var e = new Error('x'); e.name = new Array(2e6).join('x'); context.fail(e)`,
  },
  { name: 'depth', body: `var o = {}; for (var i = 0; i < 3e5; i++) o = [o]; context.succeed(o)` },
]

describe('a result or failure of any shape', () => {
  test.for(results)('is answered for: $name', async ({ body }, { expect }) => {
    const run = host.instance(`
      var refuse = function () { throw new Error('refused') }
      var hostile = new Proxy(new Error('x'), { get: refuse, has: refuse, ownKeys: refuse,
        getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse })
      exports.handler = function (event, context) { ${body} }`)
    const { answer } = await run()
    expect(answer?.kind).toMatch(/^(succeeded|failed|exited)$/)
    expect(JSON.stringify(answer).length).toBeLessThan(500_000)
    expect((await run()).answer?.kind).toBe(answer?.kind)
  })
})
