import { afterAll, beforeAll, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

function calling(body: string) {
  return host.instance(`exports.handler = function (event, context) { ${body} }`)()
}

test('console writes one formatted text for each call', async ({ expect }) => {
  const { lines } = await calling(`
    console.log('%s is %d', 'x', 5, { a: { b: { c: {} } } })
    console.info([1], null)
    console.warn('two\\nlines')
    console.error(new Buffer('x'))
    console.dir({ a: 1 })
    console.log()
    console.time('t'); console.timeEnd('t')
    console.assert(true, 'no'); console.assert(false, 'yes %d', 1)
    context.done()`)
  expect(lines).toEqual([
    'x is 5 { a: { b: { c: {} } } }',
    '[ 1 ] null',
    'two\nlines',
    '<Buffer 78>',
    '{ a: 1 }',
    '',
    expect.stringMatching(/^t: \d+ms$/),
    'Assertion failed: yes 1',
  ])
})

test('console.log and console.trace show where in the user’s own files', async ({ expect }) => {
  const { lines } = await calling(`
    console.log(new Error('logged'))
    console.trace('traced')
    context.done()`)
  expect(lines).toEqual([
    'Error: logged\n    at exports.handler (/var/task/index.js:2:17)',
    'Trace: traced\n    at exports.handler (/var/task/index.js:3:13)',
  ])
})

test('process.stdout and process.stderr write line by line', async ({ expect }) => {
  const { lines, errors } = await calling(`
    process.stdout.write('a')
    setTimeout(function () {
      process.stdout.write(new Buffer([0x62, 0x0a, 0xc3]))
      process.stdout.write(new Buffer([0xa9, 0x0a]), function () {
        process.stderr.write('bad\\nworse')
        context.done()
        process.stdout.write('rest')
      })
    }, 1)`)
  expect(lines).toEqual(['ab', 'é', 'bad', 'rest', 'worse'])
  expect(errors).toEqual(['bad', 'worse'])
})

test('The tick that calls done runs to its end, later ticks do not run', async ({ expect }) => {
  const { answer, lines } = await calling(`
    process.nextTick(function () { console.log('queued tick') })
    setImmediate(function () { console.log('immediate') })
    setTimeout(function () { console.log('timer') }, 0)
    context.done(null, 1)
    console.log('after done')
    process.nextTick(function () {
      process.nextTick(function () { console.log('nested tick') })
    })
    Promise.resolve().then(function () {}).then(function () { console.log('microtask') })`)
  expect(answer).toEqual({ kind: 'succeeded', result: '1' })
  expect(lines.toSorted()).toEqual(['after done', 'microtask', 'nested tick', 'queued tick'])
})

test('An unhandled rejection is logged and the call goes on', async ({ expect }) => {
  const { answer, errors } = await calling(`
    Promise.reject(new Error('rejected'))
    setTimeout(context.done, 1)`)
  expect(answer).toEqual({ kind: 'succeeded', result: 'null' })
  expect(errors).toEqual([expect.stringMatching(/^Unhandled rejection Error: rejected\n +at /)])
})

test('A listener for uncaught exceptions keeps the call alive', async ({ expect }) => {
  const { answer, lines } = await calling(`
    process.on('uncaughtException', function (error) { console.log('caught ' + error.message) })
    setTimeout(context.done, 2)
    setTimeout(function () { throw new Error('one') }, 1)
    throw new Error('two')`)
  expect(answer).toEqual({ kind: 'succeeded', result: 'null' })
  expect(lines).toEqual(['caught two', 'caught one'])
})

test('What loading modules prints is parted from what the call prints, on a cold start', async ({
  expect,
}) => {
  const run = host.instance(`
    console.log('Loading event')
    process.stderr.write('still loading\\n')
    process.nextTick(function () { console.log('loaded') })
    exports.handler = function (event, context) { console.log('called'); context.done() }`)
  const cold = await run()
  expect(cold.loadingLines).toEqual(['Loading event', 'still loading'])
  expect(cold.lines.slice(2).toSorted()).toEqual(['called', 'loaded'])
  const warm = await run()
  expect(warm.loadingLines).toBeUndefined()
  expect(warm.lines).toEqual(['called'])
})

test.for([
  { name: 'throws', source: `console.log('one'); throw new Error('two')` },
  { name: 'exits', source: `console.log('one'); process.exit(1)` },
  { name: 'has no handler', source: `console.log('one')` },
])(
  'Lines of a module that $name while it loads are parted as well',
  async ({ source }, { expect }) => {
    const { loadingLines } = await host.instance(source)()
    expect(loadingLines).toEqual(['one'])
  },
)

test('A function that breaks what prints does not break the mark', async ({ expect }) => {
  const { loadingLines } = await host.instance(`
    console.log('one')
    console.debug = console.log = function () {}
    exports.handler = function (event, context) { context.done() }`)()
  expect(loadingLines).toEqual(['one'])
})
