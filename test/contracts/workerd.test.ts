import { afterAll, beforeAll } from 'vitest'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'
import { codeStoreContract } from './code-store.ts'
import { eventSourceIndexContract, functionCapacityContract } from './event-sources.ts'
import { functionActorContract } from './function-actor.ts'
import { functionStoreContract } from './function-store.ts'
import { identitiesContract } from './identities.ts'
import { logGroupsContract } from './log-groups.ts'
import { streamReaderContract } from './stream-reader.ts'

let ports: WorkerdPorts

beforeAll(async () => {
  ports = await workerdPorts({ FUNCTION_CONCURRENCY: '1' })
})

afterAll(() => ports.close())

functionStoreContract('workerd', () => ports.functions)
functionStoreContract('workerd where keys were deleted', () => ports.tombstoned)
codeStoreContract('workerd', () => ports.code)
functionActorContract('workerd', () => ports)
identitiesContract('workerd', () => ports)
logGroupsContract('workerd', () => ports)
streamReaderContract('workerd', () => ports)
eventSourceIndexContract('workerd', () => ports.eventSourceIndex)
functionCapacityContract('workerd', () => ports)
