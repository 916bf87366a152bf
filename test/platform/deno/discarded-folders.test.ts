import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DiscardedFolders } from '../../../src/platform/deno/functions/discarded-folders.ts'
import { dataFolder } from '../../support/deno-data.ts'
import { until } from '../../support/local-gateway.ts'

/** Folders in folders, deeper than a path may be long. */
function makeDeep(folder: string): void {
  for (let part = 0; part < 3; part++) {
    const top = join(folder, `part-${part}`)
    let bottom = top
    for (let level = 0; level < 1500; level++, bottom += '/a') mkdirSync(bottom)
    if (part > 0) renameSync(join(folder, `part-${part - 1}`), bottom)
  }
}

test('What an earlier gateway left is out of the way at once, and gone before long', async () => {
  await using data = await dataFolder()
  const folder = join(data.path, 'instances')
  mkdirSync(join(folder, '1/tmp'), { recursive: true })
  makeDeep(join(folder, '1/tmp'))
  mkdirSync(join(folder, 'program'))
  const folders = await DiscardedFolders.empty(folder)
  expect(readdirSync(folder)).toEqual(['discarded'])
  await until(() => readdirSync(join(folder, 'discarded')).length === 0)
  await folders.close()
  expect(existsSync(folder)).toBe(false)
})

test('A folder whose owner may not enter it is removed as well', async () => {
  await using data = await dataFolder()
  const folders = await DiscardedFolders.empty(join(data.path, 'instances'))
  const own = join(folders.folder, '1')
  mkdirSync(join(own, 'closed/inner'), { recursive: true })
  chmodSync(join(own, 'closed'), 0)
  await folders.discard(own)
  expect(existsSync(own)).toBe(false)
  await until(() => readdirSync(join(folders.folder, 'discarded')).length === 0)
  await folders.close()
  expect(existsSync(folders.folder)).toBe(false)
})

test('What is left when the gateway closes is the next one’s to remove', async () => {
  await using data = await dataFolder()
  const folder = join(data.path, 'instances')
  mkdirSync(join(folder, 'discarded/a/b'), { recursive: true })
  const folders = await DiscardedFolders.empty(folder)
  await until(() => readdirSync(join(folder, 'discarded')).length === 0)
  await folders.discard(join(folder, 'nothing'))
  await folders.close()
  expect(existsSync(folder)).toBe(false)
})
