import { memoryGateway } from '../support/memory-gateway.ts'
import { constraintRows } from './constraints.ts'
import { errorRows } from './errors.ts'
import { eventSourceRows } from './event-sources.ts'
import { functionNameRows } from './function-name.ts'
import { listRows } from './lists.ts'
import { queryKeyRows } from './query-keys.ts'
import { recordRows } from './records.ts'
import { surfaceRows } from './surface.ts'

const fresh = () => Promise.resolve(memoryGateway())

constraintRows('memory', fresh)
functionNameRows('memory', fresh)
queryKeyRows('memory', fresh)
errorRows('memory', fresh)
surfaceRows('memory', fresh)
recordRows('memory', fresh)
listRows('memory', fresh)
eventSourceRows('memory', fresh)
