import { afterAll, beforeAll } from 'vitest'
import type { DenoPlatform } from '../../src/platform/deno/deno-ports.ts'
import { DiskSync } from '../../src/platform/deno/disk-sync.ts'
import { openGatewayDatabase } from '../../src/platform/deno/gateway-database.ts'
import { sqliteEventSourceIndex } from '../../src/platform/deno/sqlite-event-source-index.ts'
import { sqliteFunctionStore } from '../../src/platform/deno/sqlite-function-store.ts'
import type { SqliteSql } from '../../src/platform/in-process/sqlite-sql.ts'
import { NO_OUTPUT, callLines } from '../../src/runtime/call-log.ts'
import { dataFolder, openDenoData, type DataFolder } from '../support/deno-data.ts'
import { testedCodeStore } from '../support/tested-code-store.ts'
import { codeStoreContract } from './code-store.ts'
import { eventSourceIndexContract, functionCapacityContract } from './event-sources.ts'
import { functionActorContract } from './function-actor.ts'
import { functionStoreContract } from './function-store.ts'
import { identitiesContract } from './identities.ts'
import { logGroupsContract } from './log-groups.ts'
import { streamReaderContract } from './stream-reader.ts'

// Only one actor's database is open at a time, so that each call may find its own closed.

let data: DataFolder
let platform: DenoPlatform
let published: DataFolder
let sql: SqliteSql
const disk = new DiskSync()

beforeAll(async () => {
  data = await dataFolder()
  platform = await openDenoData({
    folder: data.path,
    variables: { FUNCTION_CONCURRENCY: '1' },
    maxOpenDatabases: 1,
  })
  published = await dataFolder()
  sql = openGatewayDatabase(published.path, disk)
})

afterAll(async () => {
  await disk.synced()
  sql.close()
  await published[Symbol.asyncDispose]()
  await platform.close(0)
  await data[Symbol.asyncDispose]()
})

functionStoreContract('deno', () => sqliteFunctionStore(sql, disk))
codeStoreContract('deno', () => testedCodeStore(() => platform.ports.code))
functionActorContract('deno', () => platform.ports)
streamReaderContract('deno', () => platform.ports)
identitiesContract('deno', () => platform.ports)
logGroupsContract('deno', () => ({
  ...platform.ports,
  calls: {
    write(logGroupName, report, output = NO_OUTPUT) {
      const entries = callLines(report, output)
      return platform.logs.append(logGroupName, { logStreamName: report.logStreamName, entries })
    },
  },
}))
eventSourceIndexContract('deno', () => sqliteEventSourceIndex(sql, disk))
functionCapacityContract('deno', () => ({ ...platform.ports, capacity: platform.capacity }))
