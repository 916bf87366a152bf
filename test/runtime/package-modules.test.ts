import { zipSync } from 'fflate'
import { describe, test } from 'vitest'
import { ServiceError } from '../../src/aws/service-error.ts'
import { loadPackage, scriptModule, workerModules } from '../../src/runtime/package-modules.ts'
import { SCRIPT_PREFIX, SCRIPT_SUFFIX } from '../../src/runtime/sandbox/protocol.ts'
import { verifyPackage } from '../../src/runtime/verify-package.ts'
import { readZipDirectory } from '../../src/runtime/zip-directory.ts'
import { bytesOf, sourceOf, zip } from '../support/zip.ts'

describe('loadPackage', () => {
  test('takes UTF-8 .js and .cjs files for scripts and all else for data', async ({ expect }) => {
    const BOM = [0xef, 0xbb, 0xbf]
    const files = await loadPackage(
      sourceOf(
        zipSync({
          'index.js': bytesOf('exports.é = 1'),
          'lib/a.cjs': Uint8Array.of(...BOM, 0x61),
          'latin1.js': Uint8Array.of(0xe9),
          'broken.json': bytesOf('{'),
          'm.mjs': bytesOf('export {}'),
          'README.JS': bytesOf('no'),
        }),
      ),
    )
    expect(files).toEqual([
      { path: 'index.js', kind: 'script', source: 'exports.é = 1' },
      { path: 'lib/a.cjs', kind: 'script', source: 'a' },
      { path: 'latin1.js', kind: 'data', bytes: Uint8Array.of(0xe9) },
      { path: 'broken.json', kind: 'data', bytes: bytesOf('{') },
      { path: 'm.mjs', kind: 'module', source: 'export {}' },
      { path: 'README.JS', kind: 'data', bytes: bytesOf('no') },
    ])
  })

  test('tells ES modules and scripts apart by the nearest package.json that is there', async ({
    expect,
  }) => {
    const files = await loadPackage(
      sourceOf(
        zipSync({
          'a.js': bytesOf(''),
          'package.json': bytesOf('{"name": "module"}'),
          'es/package.json': bytesOf('{"type": "module"}'),
          'es/lib/a.js': bytesOf(''),
          'es/lib/a.cjs': bytesOf(''),
          'es/old/package.json': bytesOf('{'),
          'es/old/a.js': bytesOf(''),
          'bin/run': bytesOf('#!/usr/bin/env node\n'),
          'bin/shell': bytesOf('#!/bin/sh\n'),
          LICENSE: bytesOf('MIT'),
        }),
      ),
    )
    const kinds = files.filter(({ path }) => !path.endsWith('.json'))
    expect(Object.fromEntries(kinds.map(({ path, kind }) => [path, kind]))).toEqual({
      'a.js': 'script',
      'es/lib/a.js': 'module',
      'es/lib/a.cjs': 'script',
      'es/old/a.js': 'script',
      'bin/run': 'script',
      'bin/shell': 'data',
      LICENSE: 'data',
    })
  })

  test('puts files where verifyPackage has seen them', async ({ expect }) => {
    const files = await loadPackage(sourceOf(zip([{ name: './lib//a.txt' }, { name: './' }])))
    expect(files.map(({ path }) => path)).toEqual(['lib/a.txt'])
  })

  test('never writes outside the package', async ({ expect }) => {
    await expect(loadPackage(sourceOf(zip([{ name: '../a.txt' }])))).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    })
  })
})

describe('whatever happens to a zip, it is read or refused,', () => {
  const whole = zip(
    [
      { name: 'index.js', data: 'exports.handler = function () {}\n'.repeat(50) },
      { name: 'lib/', method: 0 },
      { name: 'lib/data.bin', data: new Uint8Array(3000).map((_, i) => i * i), method: 0 },
      { name: 'lib/late.js', data: 'late', dataDescriptor: true },
      { name: 'lib/wide.js', data: 'wide', zip64: true },
    ],
    { zip64: true, comment: bytesOf('PK\x05\x06 and a comment') },
  )

  async function outcomeOf(bytes: Uint8Array): Promise<'read' | 'refused'> {
    const source = sourceOf(bytes)
    try {
      verifyPackage(await readZipDirectory(source), 'index.handler')
      await loadPackage(source)
      return 'read'
    } catch (error) {
      if (error instanceof ServiceError) return 'refused'
      throw error
    }
  }

  test('read when nothing happens', async ({ expect }) => {
    expect(await outcomeOf(whole)).toBe('read')
  })

  test.for(Array.from({ length: 16 }, (_, sixteenths) => ({ sixteenths })))(
    'refused when cut to $sixteenths/16',
    async ({ sixteenths }, { expect }) => {
      const cut = whole.slice(0, Math.floor((whole.length * sixteenths) / 16))
      expect(await outcomeOf(cut)).toBe('refused')
    },
  )

  test('either when any byte of its headers is changed', async ({ expect }) => {
    const outcomes = { read: 0, refused: 0 }
    for (let at = 0; at < whole.length; at++) {
      const isData = at > 200 && at < 3000
      for (const value of isData ? [] : [0, 1, 0x7f, 0xff]) {
        const changed = whole.slice()
        changed[at] = value
        outcomes[await outcomeOf(changed)]++
      }
    }
    expect(outcomes.read).toBeGreaterThan(100)
    expect(outcomes.refused).toBeGreaterThan(100)
  })

  test.for([1, 2, 3, 4, 5])(
    'either when bytes change at random, seed %i',
    async (seed, { expect }) => {
      let state = seed
      const random = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0
        return Math.floor((state / 2 ** 32) * below)
      }
      for (let round = 0; round < 200; round++) {
        const changed = whole.slice()
        const flips = 1 + random(8)
        for (let flip = 0; flip < flips; flip++) changed[random(changed.length)] = random(256)
        expect(await outcomeOf(changed)).toMatch(/read|refused/)
      }
    },
  )
})

describe('scriptModule', () => {
  test('keeps line numbers, and a hash-bang from being a syntax error', ({ expect }) => {
    const lines = scriptModule('#!/usr/bin/env node\nthrow 1 // #!').split('\n')
    expect(lines).toEqual([`${SCRIPT_PREFIX}///usr/bin/env node`, 'throw 1 // #!', '}'])
  })

  test('adds what can be taken off again', ({ expect }) => {
    const wrapped = scriptModule('var a\n')
    expect(wrapped.slice(SCRIPT_PREFIX.length, -SCRIPT_SUFFIX.length)).toBe('var a\n')
  })
})

test('workerModules names the ES modules that do not parse, and looks into nothing else', async ({
  expect,
}) => {
  const { modules, broken } = await workerModules([
    { path: 'index.js', kind: 'script', source: '(' },
    { path: 'lib/bad.mjs', kind: 'module', source: '\n(' },
    { path: 'bad.json', kind: 'data', bytes: bytesOf('(') },
  ])
  expect(broken).toEqual({ '/var/task/lib/bad.mjs': { message: 'Unexpected token', line: 2 } })
  expect(modules).toEqual({
    'var/task/index.js': { cjs: scriptModule('(') },
    'var/task/lib/bad.mjs': { data: bytesOf('\n(').buffer },
    'var/task/bad.json': { data: bytesOf('(').buffer },
  })
})
