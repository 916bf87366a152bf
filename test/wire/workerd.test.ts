import { afterAll, beforeAll } from 'vitest'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { emptied, portWire } from '../support/port-wire.ts'
import { constraintRows } from './constraints.ts'
import { errorRows } from './errors.ts'
import { eventSourceRows } from './event-sources.ts'
import { functionNameRows } from './function-name.ts'
import { listRows } from './lists.ts'
import { queryKeyRows } from './query-keys.ts'
import { recordRows } from './records.ts'
import { surfaceRows } from './surface.ts'

let gateway: LocalGateway
let wire: ReturnType<typeof portWire>

beforeAll(async () => {
  gateway = await startGateway()
  wire = portWire(gateway.port)
})

afterAll(() => gateway.stop())

const fresh = () => emptied(wire)

constraintRows('workerd', fresh)
functionNameRows('workerd', fresh)
queryKeyRows('workerd', fresh)
errorRows('workerd', fresh)
surfaceRows('workerd', fresh)
recordRows('workerd', fresh)
listRows('workerd', fresh)
eventSourceRows('workerd', fresh)
