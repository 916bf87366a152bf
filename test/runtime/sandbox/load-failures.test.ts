import { afterAll, beforeAll, test } from 'vitest'
import {
  startSandboxHost,
  type FunctionFiles,
  type SandboxHost,
} from '../../support/sandbox-host.ts'

let host: SandboxHost
beforeAll(async () => {
  host = await startSandboxHost(true)
})
afterAll(() => host.dispose())

/** What the log is told when the handler's module runs `source`. */
async function logOf(source: string, files: FunctionFiles = {}): Promise<string | undefined> {
  const scripts = { ...files.scripts, 'var/task/index.js': source }
  const { answer } = await host.instance({ ...files, scripts })()
  if (answer?.kind !== 'failed') throw new Error(JSON.stringify(answer))
  return answer.log
}

const failures = [
  {
    name: 'A module that is not there',
    source: 'require("./nope")',
    log: /^Unable to import module 'index': Error: Cannot find module '.\/nope'\n +at .*\(?\/var\/task\/index.js:1:1\)?/,
  },
  {
    name: 'A throw at the top level',
    source: 'throw new Error("top")',
    log: /^module initialization error: Error: top\n/,
  },
  {
    name: 'JSON that does not parse',
    source: 'require("./bad.json")',
    log: /^Syntax error in module 'index': SyntaxError: \/var\/task\/bad.json: .*JSON/,
  },
  {
    name: 'A script that does not parse',
    source: 'require("./bad")',
    log: /^Syntax error in module 'index': SyntaxError: Unexpected token '='\n +at \/var\/task\/bad.js:2\n +at .*index.js:1/,
  },
  {
    name: 'A native addon',
    source: 'require("./addon")',
    log: /^module initialization error: Error: \/var\/task\/addon.node: cannot open shared object file/,
  },
  {
    name: 'A file that is no script',
    source: 'require("./text.txt")',
    log: /^Syntax error in module 'index': SyntaxError: \/var\/task\/text.txt: only UTF-8 files/,
  },
]

test.for(failures)(
  '$name fails the call, in the words that Lambda had for it',
  async ({ source, log }, { expect }) => {
    const files = {
      data: {
        'var/task/bad.json': '{ "a": }',
        'var/task/addon.node': '\u007fELF',
        'var/task/text.txt': 'text',
      },
      scripts: { 'var/task/bad.js': '// fine\nvar = 1\n' },
    }
    expect(await logOf(source, files)).toMatch(log)
  },
)

test('A script that does not parse does no harm until it is required', async ({ expect }) => {
  const run = host.instance({
    scripts: {
      'var/task/index.js': 'exports.handler = function (e, c) { c.done(null, 1) }',
      'var/task/bad.js': 'var = 1',
    },
    data: { 'var/task/bad.json': '{' },
  })
  expect((await run()).answer).toEqual({ kind: 'succeeded', result: '1' })
})

test('A built-in module that is missing refuses only when it is called', async ({ expect }) => {
  for (const [module, name] of [
    ['smalloc', 'alloc'],
    ['domain', 'create'],
    ['child_process', 'spawn'],
    ['child_process', 'exec'],
    ['vm', 'runInNewContext'],
    ['cluster', 'fork'],
  ]) {
    expect(await logOf(`require("${module}").${name}("ls", function () {})`)).toContain(
      `${module}.${name} does not exist in the function environment of this gateway`,
    )
  }
})
