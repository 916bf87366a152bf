import { describe, test } from 'vitest'
import { nodeModulesPaths, resolve, type Files } from '../../../src/runtime/sandbox/resolve.ts'

function filesOf(contents: Record<string, string>): Files {
  const paths = Object.keys(contents)
  return {
    isFile: (path) => path in contents,
    isDirectory: (path) => paths.some((file) => file.startsWith(`${path}/`)),
    readText: (path) => contents[path] ?? '',
  }
}

const files = filesOf({
  '/var/task/index.js': '',
  '/var/task/lib.js': '',
  '/var/task/lib/index.js': '',
  '/var/task/lib/deep/other.js': '',
  '/var/task/data.json': '{}',
  '/var/task/both.js': '',
  '/var/task/both.json': '{}',
  '/var/task/name.with.dots.js': '',
  '/var/task/only-json/index.json': '{}',
  '/var/task/addon.node': '',
  '/var/task/bin/cli': '',
  '/var/task/common.cjs': '',
  '/var/task/empty/readme.md': '',
  '/var/task/node_modules/plain/index.js': '',
  '/var/task/node_modules/flat.js': '',
  '/var/task/node_modules/mained/package.json': '{ "main": "./src/start" }',
  '/var/task/node_modules/mained/src/start.js': '',
  '/var/task/node_modules/mained/extra.js': '',
  '/var/task/node_modules/folder-main/package.json': '{ "main": "lib/" }',
  '/var/task/node_modules/folder-main/lib/index.js': '',
  '/var/task/node_modules/lost-main/package.json': '{ "main": "gone.js" }',
  '/var/task/node_modules/lost-main/index.js': '',
  '/var/task/node_modules/no-main/package.json': '\uFEFF{ "main": "" }',
  '/var/task/node_modules/no-main/index.json': '{}',
  '/var/task/node_modules/@scope/pkg/index.js': '',
  '/var/task/node_modules/outer/index.js': '',
  '/var/task/node_modules/outer/lib/code.js': '',
  '/var/task/node_modules/outer/node_modules/plain/index.js': '',
  '/var/task/node_modules/broken/package.json': '{ nope',
  '/var/task/node_modules/exp/package.json': JSON.stringify({
    main: './old.js',
    exports: {
      '.': { import: './m.mjs', require: './c.js' },
      './sub': './lib/sub.js',
      './feature/*': { browser: './b/*.js', default: './lib/*.js' },
      './feature/private/*': null,
      './out': '../plain/index.js',
    },
  }),
  '/var/task/node_modules/exp/old.js': '',
  '/var/task/node_modules/exp/m.mjs': '',
  '/var/task/node_modules/exp/c.js': '',
  '/var/task/node_modules/exp/lib/sub.js': '',
  '/var/task/node_modules/exp/lib/private/x.js': '',
  '/var/task/node_modules/@scope/one/package.json': '{ "exports": ["./a.js"] }',
  '/var/task/node_modules/@scope/one/a.js': '',
  '/var/runtime/node_modules/aws-sdk/index.js': '',
})

const TASK = '/var/task'
const OUTER = '/var/task/node_modules/outer'

const cases = [
  { name: 'an exact relative file', request: './lib.js', found: '/var/task/lib.js' },
  { name: 'a file rather than the folder beside it', request: './lib', found: '/var/task/lib.js' },
  { name: 'the folder if a slash follows', request: './lib/', found: '/var/task/lib/index.js' },
  { name: 'a JSON file without extension', request: './data', found: '/var/task/data.json' },
  { name: '.js before .json', request: './both', found: '/var/task/both.js' },
  { name: 'a name with dots', request: './name.with.dots', found: '/var/task/name.with.dots.js' },
  {
    name: 'index.json of a folder',
    request: './only-json',
    found: '/var/task/only-json/index.json',
  },
  { name: 'a native addon', request: './addon', found: '/var/task/addon.node' },
  { name: 'a file without extension', request: './bin/cli', found: '/var/task/bin/cli' },
  { name: '.cjs only when it is named', request: './common.cjs', found: '/var/task/common.cjs' },
  { name: 'not .cjs when it is not', request: './common', found: undefined },
  { name: 'an absolute path', request: '/var/task/lib', found: '/var/task/lib.js' },
  { name: '.. from a folder', request: '../lib', from: '/var/task/lib', found: '/var/task/lib.js' },
  { name: '. as the folder', request: '.', from: '/var/task/lib', found: '/var/task/lib/index.js' },
  {
    name: '.. as a folder',
    request: '..',
    from: '/var/task/lib/deep',
    found: '/var/task/lib/index.js',
  },
  { name: 'a path with detours', request: './bin/.././/lib.js', found: '/var/task/lib.js' },
  { name: 'no folder without an index', request: './empty', found: undefined },
  { name: 'no file that is not there', request: './nope', found: undefined },
  { name: 'nothing above the root', request: '../../../../lib', found: undefined },
  { name: 'a package', request: 'plain', found: '/var/task/node_modules/plain/index.js' },
  { name: 'a package that is a file', request: 'flat', found: '/var/task/node_modules/flat.js' },
  {
    name: 'the main of a package',
    request: 'mained',
    found: '/var/task/node_modules/mained/src/start.js',
  },
  {
    name: 'a file in a package',
    request: 'mained/extra',
    found: '/var/task/node_modules/mained/extra.js',
  },
  {
    name: 'a main that is a folder',
    request: 'folder-main',
    found: '/var/task/node_modules/folder-main/lib/index.js',
  },
  {
    name: 'index.js if main is missing',
    request: 'lost-main',
    found: '/var/task/node_modules/lost-main/index.js',
  },
  {
    name: 'index.json if main is empty',
    request: 'no-main',
    found: '/var/task/node_modules/no-main/index.json',
  },
  {
    name: 'a scoped package',
    request: '@scope/pkg',
    found: '/var/task/node_modules/@scope/pkg/index.js',
  },
  {
    name: 'a package from a deep folder',
    request: 'plain',
    from: '/var/task/lib/deep',
    found: '/var/task/node_modules/plain/index.js',
  },
  {
    name: 'the nearest of two packages',
    request: 'plain',
    from: `${OUTER}/lib`,
    found: `${OUTER}/node_modules/plain/index.js`,
  },
  {
    name: 'a package from a package',
    request: 'flat',
    from: `${OUTER}/lib`,
    found: '/var/task/node_modules/flat.js',
  },
  {
    name: 'what Lambda itself brings',
    request: 'aws-sdk',
    found: '/var/runtime/node_modules/aws-sdk/index.js',
  },
  {
    name: 'what a package exports, not its main',
    request: 'exp',
    found: '/var/task/node_modules/exp/c.js',
  },
  {
    name: 'what a package exports under a name',
    request: 'exp/sub',
    found: '/var/task/node_modules/exp/lib/sub.js',
  },
  {
    name: 'what a package exports by a pattern',
    request: 'exp/feature/sub',
    found: '/var/task/node_modules/exp/lib/sub.js',
  },
  {
    name: 'the one export of a scoped package',
    request: '@scope/one',
    found: '/var/task/node_modules/@scope/one/a.js',
  },
  { name: 'nothing that a package does not export', request: 'exp/lib/sub.js', found: undefined },
  { name: 'nothing that it keeps', request: 'exp/feature/private/x', found: undefined },
  { name: 'nothing outside of it', request: 'exp/out', found: undefined },
  { name: 'no package that is not there', request: 'nope', found: undefined },
]

describe('require finds', () => {
  test.for(cases)('$name', ({ request, from = TASK, found }, { expect }) => {
    expect(resolve(request, from, files)).toBe(found)
  })
})

test('A package.json that does not parse is an error that names it', ({ expect }) => {
  expect(() => resolve('broken', TASK, files)).toThrow(
    /^Error parsing \/var\/task\/node_modules\/broken\/package\.json: /,
  )
})

test('node_modules folders are searched from the nearest up to /var/task', ({ expect }) => {
  expect(nodeModulesPaths(`${OUTER}/lib`)).toEqual([
    `${OUTER}/lib/node_modules`,
    `${OUTER}/node_modules`,
    '/var/task/node_modules',
    '/var/runtime/node_modules',
  ])
})
