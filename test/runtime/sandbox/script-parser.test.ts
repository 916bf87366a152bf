import { test } from 'vitest'
import { scriptModule } from '../../../src/runtime/package-modules.ts'
import { errorLine } from '../../../src/runtime/sandbox/script-parser.ts'

const check = (source: string) => errorLine(source, scriptModule(source))

test.for([
  { what: 'nothing at all', source: '' },
  { what: 'sloppy code', source: 'for (i = 0; i < 010; i++) delete i; with (a) b' },
  { what: 'a return at the top', source: 'if (done) return\nvar a' },
  { what: 'a hash-bang', source: '#!/usr/bin/env node\nvar a' },
  { what: 'a comment at the very end', source: 'var a // b' },
  { what: 'HTML comments', source: '<!-- a\nvar b\n--> c' },
  {
    what: 'var and function over the wrapper names',
    source: 'var require = require\nfunction exports() {}',
  },
  {
    what: 'today’s syntax',
    source: 'class A { #b = 1n; static { a?.b ?? c } }; async () => { for await (x of y); }',
  },
  { what: 'more operators than acorn has stack for', source: `x = 1${' + 1'.repeat(20_000)}` },
])('No line is wrong in $what', ({ source }, { expect }) => {
  expect(check(source)).toBeUndefined()
})

test.for([
  { source: 'var a\nvar b = ;', line: 2 },
  { source: 'function a() {\n', line: 2 },
  { source: '\r\nlet a, a', line: 2 },
  { source: '\nlet module', line: 2 },
  { source: 'a = "b', line: 1 },
  { source: '`\n(9:9)', line: 1 },
  { source: '"use strict"\nwith (a) b', line: 2 },
  { source: "\nimport a from 'b'", line: 2 },
])('Line $line is wrong in $source', ({ source, line }, { expect }) => {
  expect(check(source)).toBe(line)
})

test('The wrong line is found behind a million nodes in functions', ({ expect }) => {
  const source = ';(function () { return [1, 2, 3, 4, 5, 6, 7, 8] })\n'.repeat(100_000)
  expect(check(`${source}(`)).toBe(100_001)
})

test.for([
  { what: 'nested too deep', source: 'x = ' + '['.repeat(1_000_000) },
  { what: 'of too many values', source: `x = [${'1,'.repeat(3_000_000)}` },
  { what: 'of too many names', source: declarations(300_000) },
  { what: 'of too many names in nested blocks', source: nested(declarations(100_000, 'var')) },
])('A script $what is given up, soon', { timeout: 8000 }, ({ source }, { expect }) => {
  expect(check(source)).toBeUndefined()
})

function declarations(count: number, keyword = 'let'): string {
  return Array.from({ length: count }, (_, index) => `${keyword} a${index};`).join('')
}

function nested(source: string): string {
  return '{'.repeat(500) + source + '}'.repeat(500)
}
