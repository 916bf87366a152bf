import { expect, test, vi } from 'vitest'
import { DiskSync } from '../../../src/platform/deno/disk-sync.ts'
import { openGatewayDatabase } from '../../../src/platform/deno/gateway-database.ts'
import { sqliteLogGroupIndex } from '../../../src/platform/deno/sqlite-log-group-index.ts'
import { dataFolder } from '../../support/deno-data.ts'
import { heldFile } from '../../support/held-disk.ts'

const GROUP = { logGroupName: '/aws/lambda/f', createdMilliseconds: 1, storedBytes: 0 }

test.each(['put', 'delete'] as const)(
  'a %s shows when the disk has what its actor wrote, though nobody else waits for that',
  async (change) => {
    await using folder = await dataFolder()
    const disk = new DiskSync()
    const sql = openGatewayDatabase(folder.path, disk)
    const index = sqliteLogGroupIndex(sql, disk)
    if (change === 'delete') await index.put(GROUP)
    const listed = async () => (await index.list('', 10)).records.length
    const before = await listed()
    const actors = heldFile()
    disk.unhurried(() => disk.wrote(actors))
    const changing = change === 'put' ? index.put(GROUP) : index.delete(GROUP.logGroupName)
    await vi.waitUntil(() => actors.underWay.length === 1)
    expect(await listed()).toBe(before)
    actors.underWay[0]?.resolve(undefined)
    await changing
    expect(await listed()).toBe(1 - before)
    sql.close()
  },
)
