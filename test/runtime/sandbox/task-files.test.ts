import { afterAll, beforeAll, test } from 'vitest'
import { startSandboxHost, type SandboxHost } from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

/** What a handler answers that runs `body` with `fs`, `path` and `done` at hand. */
async function answering(body: string): Promise<unknown> {
  const source = `var fs = require('fs'), path = require('path')
    exports.handler = function (event, context) { var done = context.succeed; ${body} }`
  const run = host.instance({
    scripts: { 'var/task/index.js': source, 'var/task/lib/a.js': 'exports.a = "é"' },
    data: { 'var/task/views/home.txt': 'Hello é', 'var/task/views/a~23b é.txt': 'odd' },
  })
  const { answer, errors } = await run()
  if (answer?.kind !== 'succeeded') throw new Error(JSON.stringify([answer, errors]))
  return JSON.parse(answer.result ?? '')
}

const reading = [
  {
    name: 'readFileSync by __dirname',
    body: `done(fs.readFileSync(__dirname + '/views/home.txt', 'utf8'))`,
    found: 'Hello é',
  },
  {
    name: 'readFileSync of a relative path',
    body: `done(fs.readFileSync('views/home.txt', 'utf8'))`,
    found: 'Hello é',
  },
  {
    name: 'readFile',
    body: `fs.readFile('./views/home.txt', function (e, b) { done(b.toString()) })`,
    found: 'Hello é',
  },
  {
    name: 'promises.readFile',
    body: `require('fs/promises').readFile('views/home.txt', 'utf8').then(done)`,
    found: 'Hello é',
  },
  {
    name: 'a file URL',
    body: `done(fs.readFileSync(new URL('file:///var/task/views/home.txt'), 'utf8'))`,
    found: 'Hello é',
  },
  {
    name: 'the own text of a script',
    body: `done(fs.readFileSync('lib/a.js', 'utf8'))`,
    found: 'exports.a = "é"',
  },
  { name: 'the size of a script', body: `done(fs.statSync('lib/a.js').size)`, found: 16 },
  {
    name: 'a script by open and read',
    body: `var f = fs.openSync('lib/a.js', 'r'), b = new Buffer(7); fs.readSync(f, b, 0, 7, 0); done(b.toString())`,
    found: 'exports',
  },
  {
    name: 'a part of a script by createReadStream',
    body: `fs.createReadStream('lib/a.js', { start: 8, end: 8 }).on('data', function (b) { done(b.toString()) })`,
    found: 'a',
  },
  {
    name: 'the names in a folder',
    body: `done(fs.readdirSync('views').sort())`,
    found: ['a#b é.txt', 'home.txt'],
  },
  {
    name: 'the names below a folder',
    body: `done(fs.readdirSync('/var/task', { recursive: true }).sort())`,
    found: ['index.js', 'lib', 'lib/a.js', 'views', 'views/a#b é.txt', 'views/home.txt'],
  },
  { name: 'an odd name', body: `done(fs.readFileSync('views/a#b é.txt', 'utf8'))`, found: 'odd' },
  {
    name: 'existsSync',
    body: `done([fs.existsSync('lib/a.js'), fs.existsSync('/var/task'), fs.existsSync('lib/b.js')])`,
    found: [true, true, false],
  },
  { name: 'exists', body: `fs.exists('lib/a.js', done)`, found: true },
  {
    name: 'realpathSync',
    body: `done(fs.realpathSync('lib/../lib/a.js'))`,
    found: '/var/task/lib/a.js',
  },
  {
    name: 'copyFileSync of a script',
    body: `fs.copyFileSync('lib/a.js', '/tmp/a.js'); done(fs.readFileSync('/tmp/a.js', 'utf8'))`,
    found: 'exports.a = "é"',
  },
  {
    name: 'what was written to /tmp',
    body: `fs.writeFileSync('/tmp/é', 'x'); done([fs.readFileSync('/tmp/é', 'utf8'), fs.readdirSync('/tmp')])`,
    found: ['x', ['é']],
  },
  {
    name: 'the working directory',
    body: `done([process.cwd(), path.resolve('x'), path.relative('', '/var/task/x')])`,
    found: ['/var/task', '/var/task/x', 'x'],
  },
  {
    name: 'another working directory',
    body: `process.chdir('/tmp'); fs.writeFileSync('x', 'y'); done([process.cwd(), path.resolve('x'), fs.readFileSync('/tmp/x', 'utf8')])`,
    found: ['/tmp', '/tmp/x', 'y'],
  },
]

test.for(reading)('User code can read $name', async ({ body, found }, { expect }) => {
  expect(await answering(body)).toEqual(found)
})

const refused = [
  {
    name: 'readFileSync',
    body: `try { fs.readFileSync('nope') } catch (e) { done([e.code, e.path, e.message]) }`,
  },
  {
    name: 'readFile',
    body: `fs.readFile('nope', function (e) { done([e.code, e.path, e.message]) })`,
  },
  {
    name: 'promises.readFile',
    body: `fs.promises.readFile('nope').catch(function (e) { done([e.code, e.path, e.message]) })`,
  },
  {
    name: 'createReadStream',
    body: `fs.createReadStream('nope').on('error', function (e) { done([e.code, e.path, e.message]) })`,
  },
]

test.for(refused)(
  'An error of $name names the path that was asked for',
  async ({ body }, { expect }) => {
    expect(await answering(body)).toEqual([
      'ENOENT',
      '/var/task/nope',
      expect.stringMatching(/^ENOENT: no such file or directory, \w+ '\/var\/task\/nope'$/),
    ])
  },
)

test('What is written to /tmp is kept while the instance is warm, and nothing else is there', async ({
  expect,
}) => {
  const run = host.instance(`var fs = require('fs')
    exports.handler = function (event, context) {
      if (event === 'die') throw new Error('died')
      fs.readFileSync('index.js')
      fs.createReadStream('index.js')
      if (event === 'write') {
        fs.mkdirSync('/tmp/é')
        fs.writeFileSync('/tmp/é/b', 'kept')
        fs.symlinkSync('/tmp/é/b', '/tmp/link')
      }
      if (event === 'remove') fs.unlinkSync('/tmp/link')
      var texts = fs.existsSync('/tmp/link') ? fs.readFileSync('/tmp/link', 'utf8') : ''
      context.succeed([fs.readdirSync('/tmp', { recursive: true }).sort(), texts])
    }`)
  const answers = []
  for (const event of ['read', 'write', 'read', 'remove', 'read', 'die', 'read']) {
    const { answer } = await run({ event: JSON.stringify(event) })
    answers.push(answer?.kind === 'succeeded' ? JSON.parse(answer.result ?? '') : answer?.kind)
  }
  const all = [['link', 'é', 'é/b'], 'kept']
  const rest = [['é', 'é/b'], '']
  expect(answers).toEqual([[[], ''], all, all, rest, rest, 'exited', [[], '']])
})

test('The function’s own files cannot be written', async ({ expect }) => {
  for (const attempt of ["writeFileSync('x', 'y')", "openSync('index.js', 'w')"]) {
    expect(await answering(`try { fs.${attempt} } catch (e) { done(e.code) }`)).toBe('EPERM')
  }
})
