import { afterAll, beforeAll, describe, test } from 'vitest'
import {
  startSandboxHost,
  type FunctionFiles,
  type SandboxHost,
} from '../../support/sandbox-host.ts'

describe.for([
  { when: 'before the first call', isLazy: false },
  { when: 'when they are required', isLazy: true },
])('Of modules that are compiled $when:', ({ isLazy }) => {
  let host: SandboxHost
  beforeAll(async () => {
    host = await startSandboxHost(isLazy)
  })
  afterAll(() => host.dispose())

  /** What a handler finds that answers with `expression`. */
  async function evaluate(expression: string, files: FunctionFiles = {}): Promise<unknown> {
    const index = `exports.handler = function (event, context) { context.succeed(${expression}) }`
    const scripts = { ...files.scripts, 'var/task/index.js': index }
    const { answer, thrown } = await host.instance({ ...files, scripts })()
    if (answer?.kind !== 'succeeded') throw new Error(JSON.stringify(answer ?? thrown))
    return JSON.parse(answer.result ?? '')
  }

  test('Modules are found without extension, in folders, as JSON and in node_modules', async ({
    expect,
  }) => {
    const found = await evaluate(
      `[require('./lib/a'), require('./lib'), require('./data'), require('pkg'), require('@s/p')]`,
      {
        scripts: {
          'var/task/lib/a.js': 'module.exports = "a of " + require("..//lib/b.js")',
          'var/task/lib/b.js': 'module.exports = "b"',
          'var/task/lib/index.js': 'exports.index = true',
          'var/task/node_modules/pkg/src/main.js': 'module.exports = require("dep")',
          'var/task/node_modules/pkg/node_modules/dep/index.js': 'module.exports = "inner dep"',
          'var/task/node_modules/dep/index.js': 'module.exports = "outer dep"',
          'var/task/node_modules/@s/p/index.js': 'module.exports = "scoped"',
        },
        data: {
          'var/task/data.json': '\uFEFF{"json": true}',
          'var/task/node_modules/pkg/package.json': '{"main": "src/main"}',
        },
      },
    )
    expect(found).toEqual(['a of b', { index: true }, { json: true }, 'inner dep', 'scoped'])
  })

  test('Modules that require each other see what is exported so far', async ({ expect }) => {
    const found = await evaluate(`require('./a')`, {
      scripts: {
        'var/task/a.js': 'exports.early = 1; exports.seen = require("./b").seen; exports.late = 2',
        'var/task/b.js': 'exports.seen = Object.keys(require("./a"))',
      },
    })
    expect(found).toEqual({ early: 1, seen: ['early'], late: 2 })
  })

  test('A module knows its file, its place in the tree, and that it is not the main one', async ({
    expect,
  }) => {
    const found = await evaluate(`require('./lib/m')`, {
      scripts: {
        'var/task/lib/m.js': `
        module.exports = [__filename, __dirname, module.id, module.filename, module.loaded,
          module.paths[0], module.parent.filename, module.parent.children[0] === module,
          require.main === module, typeof require.main, this === exports, module.exports === exports,
          require.resolve('../index'), require.resolve('fs'), module.require('../index') !== undefined]`,
      },
    })
    expect(found).toEqual([
      '/var/task/lib/m.js',
      '/var/task/lib',
      '/var/task/lib/m.js',
      '/var/task/lib/m.js',
      false,
      '/var/task/lib/node_modules',
      '/var/task/index.js',
      true,
      false,
      'object',
      true,
      true,
      '/var/task/index.js',
      'fs',
      true,
    ])
  })

  test('What is deleted from require.cache runs again, what is put there is taken', async ({
    expect,
  }) => {
    const found = await evaluate(
      `[require('./n'), require('./n'),
      delete require.cache[require.resolve('./n')], require('./n'),
      require.cache[require.resolve('./n')] = { exports: 'stand-in' }, require('./n')]`,
      {
        scripts: {
          'var/task/n.js':
            'count = (typeof count === "number" ? count : 0) + 1; module.exports = count',
        },
      },
    )
    expect(found).toEqual([1, 1, true, 2, { exports: 'stand-in' }, 'stand-in'])
  })

  test('Built-in modules win over packages of their name, with and without node:', async ({
    expect,
  }) => {
    const found = await evaluate(
      `[typeof require('util').inspect, typeof require('node:crypto').createHash, require('util').fake,
      require('util/').fake, typeof require('sys').inspect, require('sqlite')]`,
      {
        scripts: {
          'var/task/node_modules/util/index.js': 'exports.fake = true',
          'var/task/node_modules/sqlite/index.js': 'module.exports = "package"',
        },
      },
    )
    expect(found).toEqual(['function', 'function', null, true, 'function', 'package'])
  })

  test('The top level of a module may use randomness, timers and the clock', async ({ expect }) => {
    const found = await evaluate(`require('./top')`, {
      scripts: {
        'var/task/top.js': `
        setTimeout(function () {}, 1)
        module.exports = [typeof Math.random(), require('crypto').randomBytes(4).length, Date.now() > 0]`,
      },
    })
    expect(found).toEqual(['number', 4, true])
  })

  test('A file name may have any character', async ({ expect }) => {
    const found = await evaluate(
      `['é 日', 'a#b', 'a?b', 'a%20b', 'a~b'].map(function (name) { return require('./' + name) })`,
      {
        scripts: {
          'var/task/é 日.js': 'module.exports = __filename',
          'var/task/a~23b.js': 'module.exports = __filename',
          'var/task/a~3fb.js': 'module.exports = __filename',
          'var/task/a~2520b.js': 'module.exports = __filename',
          'var/task/a~7eb.js': 'module.exports = __filename',
        },
      },
    )
    expect(found).toEqual(
      ['é 日', 'a#b', 'a?b', 'a%20b', 'a~b'].map((name) => `/var/task/${name}.js`),
    )
  })

  test('What cannot be loaded can be caught, and is tried again', async ({ expect }) => {
    const attempt = `(function () { try { return require('./m') } catch (e) { return [e.name, e.code, e.message] } })()`
    expect(
      await evaluate(
        `(function () { try { require('nope') } catch (e) { return [e.code, e.message] } })()`,
      ),
    ).toEqual(['MODULE_NOT_FOUND', "Cannot find module 'nope'"])
    const scripts = {
      'var/task/m.js':
        'if (!global.tried) { tried = true; throw new Error("first") } module.exports = "second"',
    }
    expect(await evaluate(`[${attempt}, ${attempt}]`, { scripts })).toEqual([
      ['Error', null, 'first'],
      'second',
    ])
  })

  test('A handler may be in a folder, with dots in its name', async ({ expect }) => {
    const scripts = {
      'var/task/src/v1.2/index.js': 'exports.main = function (e, c) { c.done(null, 1) }',
    }
    const run = host.instance({ scripts })
    expect((await run({ handler: 'src/v1.2/index.main' })).answer).toEqual({
      kind: 'succeeded',
      result: '1',
    })
  })

  test('Stacks name files as they are named in the package', async ({ expect }) => {
    const stack = await evaluate(`require('./é').stack.split('\\n')[1]`, {
      scripts: { 'var/task/é.js': 'module.exports = new Error()' },
    })
    expect(stack).toMatch(/^ +at .*\/var\/task\/é\.js:1:18\)?$/)
  })
})
