import { afterAll, beforeAll, test } from 'vitest'
import {
  startSandboxHost,
  type FunctionFiles,
  type SandboxHost,
} from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost()
})
afterAll(() => host.dispose())

/** The `exited` answer's log when the handler's module runs `source`. */
async function logOf(source: string, files: FunctionFiles = {}): Promise<string[]> {
  const scripts = { ...files.scripts, 'var/task/index.js': source }
  const { answer, errors } = await host.instance({ ...files, scripts })()
  if (answer?.kind !== 'exited') throw new Error(JSON.stringify(answer))
  return errors
}

const failures = [
  {
    name: 'A module that is not there',
    source: 'require("./nope")',
    log: /^Error: Cannot find module '.\/nope'\n +at .*\(?\/var\/task\/index.js:1:1\)?/,
  },
  { name: 'A throw at the top level', source: 'throw new Error("top")', log: /^Error: top\n/ },
  {
    name: 'JSON that does not parse',
    source: 'require("./bad.json")',
    log: /^SyntaxError: \/var\/task\/bad.json: .*JSON/,
  },
  {
    name: 'A script that does not parse',
    source: 'require("./bad")',
    log: /^\/var\/task\/bad.js:2\nvar = 1\n\nSyntaxError: Unexpected token '='/,
  },
  {
    name: 'A native addon',
    source: 'require("./addon")',
    log: /^Error: \/var\/task\/addon.node: cannot open shared object file/,
  },
  {
    name: 'A file that is no script',
    source: 'require("./text.txt")',
    log: /^SyntaxError: \/var\/task\/text.txt: only UTF-8 files/,
  },
]

test.for(failures)(
  '$name ends the call, its error in the log',
  async ({ source, log }, { expect }) => {
    const files = {
      data: {
        'var/task/bad.json': '{ "a": }',
        'var/task/bad.js': '// fine\nvar = 1\n',
        'var/task/addon.node': '\u007fELF',
        'var/task/text.txt': 'text',
      },
      broken: { '/var/task/bad.js': { message: "Unexpected token '='", line: 2 } },
    }
    expect(await logOf(source, files)).toEqual([expect.stringMatching(log)])
  },
)

test('A script that does not parse does no harm until it is required', async ({ expect }) => {
  const run = host.instance({
    scripts: { 'var/task/index.js': 'exports.handler = function (e, c) { c.done(null, 1) }' },
    data: { 'var/task/bad.js': 'var = 1', 'var/task/bad.json': '{' },
    broken: { '/var/task/bad.js': { message: "Unexpected token '='", line: 1 } },
  })
  expect((await run()).answer).toEqual({ kind: 'succeeded', result: '1' })
})

test('A built-in module that is missing refuses only when it is called', async ({ expect }) => {
  expect(await logOf('require("smalloc").alloc(1)')).toEqual([
    expect.stringContaining('smalloc.alloc does not exist in the function environment'),
  ])
  expect(await logOf('require("child_process").spawn("ls")')).toEqual([
    expect.stringContaining('child_process.spawn'),
  ])
})
