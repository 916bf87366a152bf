import { afterAll, beforeAll, describe, test } from 'vitest'
import { workerModules, type PackageFile } from '../../src/runtime/package-modules.ts'
import { startSandboxHost, type Run, type SandboxHost } from '../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

const encoder = new TextEncoder()

/** A function of a package: code is what its name says, with `.js` for CommonJS. */
async function instanceOf(files: Record<string, string>): Promise<Run> {
  const package_ = Object.entries(files).map(([path, source]): PackageFile => {
    if (path.endsWith('.json')) return { path, kind: 'data', bytes: encoder.encode(source) }
    return { path, kind: path.endsWith('.mjs') ? 'module' : 'script', source }
  })
  const { modules, broken } = await workerModules(package_)
  return host.instance({ modules, broken })
}

async function answerOf(files: Record<string, string>): Promise<unknown> {
  const { answer, thrown } = await (await instanceOf(files))()
  if (answer?.kind !== 'succeeded') throw new Error(JSON.stringify(answer ?? thrown))
  return JSON.parse(answer.result ?? 'null')
}

const answering = (expression: string, head = '') =>
  `${head}\nexport const handler = (event, context) => context.succeed(${expression})`

const cases: { name: string; files: Record<string, string>; found: unknown }[] = [
  {
    name: 'imports what another exports, in all ways of writing it',
    files: {
      'index.mjs': answering(
        '[d, a, renamed, all.a, all.default, star, ns.star, own, typeof Own, again()]',
        `import d, { a, b as renamed } from './lib/x.mjs'
import * as all from "./lib/x.mjs"
import { star, ns } from './lib/x.mjs'; import './lib/effect.mjs'
export { a as reexported }; const own = globalThis.effect
export class Own {}
const again = () => a`,
      ),
      'lib/x.mjs': `export default 'default'; export const a = 'a', { b } = { b: 'b' }
export * from './y.mjs'
export * as ns from './y.mjs'`,
      'lib/y.mjs': 'const star = "star"; export { star, star as "a name" }',
      'lib/effect.mjs': 'globalThis.effect = "effect"',
    },
    found: ['default', 'a', 'b', 'a', 'default', 'star', 'star', 'effect', 'function', 'a'],
  },
  {
    name: 'sees what an exported variable is now, also round a circle',
    files: {
      'index.mjs': answering(
        '[before, n, even(4)]',
        `import { n, count } from './counter.mjs'
import { even } from './even.mjs'
const before = n
count()`,
      ),
      'counter.mjs': 'export let n = 0; export function count() { n++ }',
      'even.mjs':
        'import { odd } from "./odd.mjs"; export const even = (n) => n === 0 || odd(n - 1)',
      'odd.mjs':
        'import { even } from "./even.mjs"; export const odd = (n) => n !== 0 && even(n - 1)',
    },
    found: [0, 1, true],
  },
  {
    name: 'keeps apart what has the name of an import',
    files: {
      'index.mjs': answering(
        '[a, (function (b) { return b })(1), { b }.b, { b: 2 }.b, o.b, f(), typeof this]',
        `import { a, b } from './x.mjs'
const o = { b() { return 3 } }.b() === 3 ? { b } : 0
function f() { let a = 'inner'; return a }
let called
b.toString()
called = [1]
;[called] = called`,
      ),
      'x.mjs': 'export const a = "a", b = "b"',
    },
    found: ['a', 1, 'b', 2, 'b', 'inner', 'undefined'],
  },
  {
    name: 'calls an import without this, where a line has no semicolon before it',
    files: {
      'index.mjs': answering(
        'seen',
        `import { self } from './x.mjs'
const list = []
self(list)
const seen = list
if (seen) self(list)
else self(list)`,
      ),
      'x.mjs': 'export function self(list) { list.push(typeof this) }',
    },
    found: ['undefined', 'undefined'],
  },
  {
    name: 'imports built-in modules and CommonJS by name and as a whole',
    files: {
      'index.mjs': answering(
        `[readFileSync('old.js', 'utf8').length, typeof fs.statSync, old.a, a, twice(2), json.b]`,
        `import fs, { readFileSync } from 'node:fs'
import old, { a } from './old.js'
import twice from 'pkg'
import json from './data.json' with { type: 'json' }`,
      ),
      'old.js': 'exports.a = 1',
      'data.json': '{"b": 2}',
      'node_modules/pkg/package.json': '{"exports": {"import": "./m.mjs", "require": "./c.js"}}',
      'node_modules/pkg/m.mjs': 'export default (n) => n * 2',
    },
    found: [13, 'function', 1, 1, 4, 2],
  },
  {
    name: 'is required by CommonJS',
    files: {
      'index.js': 'exports.handler = function (e, c) { c.succeed(require("./m.mjs").default) }',
      'm.mjs': 'export default 7',
    },
    found: 7,
  },
  {
    name: 'knows where it is, and makes a require',
    files: {
      'index.mjs': answering(
        '[import.meta.url, import.meta.dirname, __filename, require("./old.js").a]',
        `import { createRequire } from 'module'
import { fileURLToPath } from 'url'
const require = createRequire(import.meta.url)
const __filename = fileURLToPath(import.meta.url)`,
      ),
      'old.js': 'exports.a = 1',
    },
    found: ['file:///var/task/index.mjs', '/var/task', '/var/task/index.mjs', 1],
  },
  {
    name: 'may use randomness, timers and the clock at its top level',
    files: {
      'index.mjs': answering(
        '[n, bytes.length]',
        `import { randomBytes } from 'crypto'
setTimeout(() => {}, 1)
const n = typeof Math.random(), bytes = randomBytes(4)`,
      ),
    },
    found: ['number', 4],
  },
  {
    name: 'imports in the middle of a call',
    files: {
      'index.mjs': `export async function handler() {
        const found = await import('./x.mjs')
        const lost = await import('./nope.mjs').catch((error) => error.code)
        return [found.default, lost]
      }`,
      'x.mjs': 'export default function named() {}; named.toJSON = () => "named"',
    },
    found: ['named', 'MODULE_NOT_FOUND'],
  },
]

describe('an ES module', () => {
  test.for(cases)('$name', async ({ files, found }, { expect }) => {
    expect(await answerOf(files)).toEqual(found)
  })

  test('is loaded afresh after the process has died', async ({ expect }) => {
    const run = await instanceOf({
      'index.mjs': `let calls = 0
export function handler(event, context) {
  calls++
  if (event === 'die') throw new Error('died')
  context.succeed(calls)
}`,
    })
    const ask = async () => (await run({ event: '"ask"' })).answer
    expect(await ask()).toEqual({ kind: 'succeeded', result: '1' })
    expect(await ask()).toEqual({ kind: 'succeeded', result: '2' })
    const { answer, errors } = await run({ event: '"die"' })
    expect(answer).toEqual({ kind: 'exited' })
    expect(errors[0]).toMatch(/^Error: died\n +at .*handler \(\/var\/task\/index.mjs:4:\d+\)/)
    expect(await ask()).toEqual({ kind: 'succeeded', result: '1' })
  })

  test.for([
    { source: 'export const a = 1\nconst = 2', message: 'Unexpected token', line: 2 },
    { source: 'await null\nexport const handler = 1', message: /await/, line: 1 },
  ])('that does not parse says so: $message', async ({ source, message, line }, { expect }) => {
    const run = await instanceOf({ 'index.mjs': source })
    const { answer } = await run()
    expect(answer).toMatchObject({
      errorType: 'SyntaxError',
      errorMessage: expect.stringMatching(message) as unknown,
      log: expect.stringContaining(`at /var/task/index.mjs:${line}`) as unknown,
    })
  })
})
