import { afterAll, beforeAll, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

// Results are those of OpenSSL and of Node 0.10.
test.for([
  { code: `new Buffer(4).fill('a').toString()`, found: 'aaaa' },
  { code: `new Buffer('\u00e9', 'binary').toString('hex')`, found: 'e9' },
  { code: `require('crypto').pbkdf2Sync('p', 's', 1, 4).toString('hex')`, found: '843c87e7' },
  {
    code: `require('crypto').pbkdf2('p', 's', 1, 4, function (e, key) { answer(key.toString('hex')) })`,
    found: '843c87e7',
  },
  {
    code: `require('crypto').pbkdf2('p', 's', 1, 4, 'sha256', function (e, k) { answer(k.length) })`,
    found: 4,
  },
  {
    code: `(function (c) { return c.update('héllo', 'utf8', 'hex') + c.final('hex') })(
      require('crypto').createCipher('aes-256-cbc', 'p'))`,
    found: 'd833d3343353acf0d249b1dcb1ab6db3',
  },
  {
    code: `(function (d) { return d.update('d833d3343353acf0d249b1dcb1ab6db3', 'hex', 'utf8') + d.final('utf8') })(
      require('crypto').createDecipher('aes256', 'p'))`,
    found: 'héllo',
  },
  { code: `require('os').tmpDir()`, found: '/tmp' },
  { code: `require('path').existsSync(__filename)`, found: true },
  { code: `require('path').exists(__filename, answer)`, found: true },
  { code: `Object.keys(require.extensions)`, found: ['.js', '.json', '.node'] },
  { code: `GLOBAL === root && root === global`, found: true },
  { code: `require('events').EventEmitter.listenerCount(process, 'none')`, found: 0 },
  {
    code: `new (require('string_decoder').StringDecoder)('utf8').write(new Buffer('é'))`,
    found: 'é',
  },
  { code: `new (require('http').Agent)({ maxSockets: 5 }).maxSockets`, found: 5 },
  {
    code: `(function (r) { r.on('error', function () {}); r.setSocketKeepAlive(true); r.abort(); return 1 })(
      require('http').request({ host: 'localhost', agent: false }))`,
    found: 1,
  },
  { code: `typeof setTimeout(function () {}, 1).unref().ref`, found: 'function' },
  { code: `process.hrtime().length + typeof process.memoryUsage().rss`, found: '2number' },
  {
    code: `require('fs').writeFile('/tmp/a', 'x'), setTimeout(function () {
      answer(require('fs').readFileSync('/tmp/a', 'utf8')) }, 20)`,
    found: 'x',
  },
  {
    code: `(function (from, to) { require('util').pump(from, to, function () { answer(String(to.read())) }); from.end('x') })(
      new (require('stream').PassThrough)(), new (require('stream').PassThrough)())`,
    found: 'x',
  },
  { code: `require('zlib').gunzipSync(require('zlib').gzipSync('x')).toString()`, found: 'x' },
])('$code is $found', async ({ code, found }, { expect }) => {
  const { answer, thrown, lines } = await host.instance(
    `exports.handler = function (event, context) {
       var isAsked = ${/answer\(|answer\)/.test(code)}
       function answer(value) { context.succeed(value) }
       var value = (${code})
       if (!isAsked) answer(value)
     }`,
  )()
  expect({ answer, thrown, lines }).toMatchObject({
    answer: { kind: 'succeeded', result: JSON.stringify(found) },
  })
})

test('What util prints is in the log', async ({ expect }) => {
  const { lines } = await host.instance(
    `var util = require('util')
     exports.handler = function (event, context) {
       util.print('a', 1); util.puts('b', 'c'); require('sys').puts('d')
       util.debug('e'); util.error('f', 'g'); util.log('%s', 'h')
       context.done()
     }`,
  )()
  expect(lines.slice(0, -1)).toEqual(['a1b', 'c', 'd', 'DEBUG: e', 'f', 'g'])
  expect(lines.at(-1)).toMatch(/^\d+ [A-Z][a-z]{2} \d\d:\d\d:\d\d - h$/)
})

test('An error that no callback was given for ends the call', async ({ expect }) => {
  const { answer, errors } = await host.instance(
    `exports.handler = function () { require('fs').unlink('/tmp/none') }`,
  )()
  expect(answer).toEqual({ kind: 'exited' })
  expect(errors[0]).toMatch(/^Error: ENOENT/)
})
