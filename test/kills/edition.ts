import { startGateway } from '../support/local-gateway.ts'
import { objectsUnaccounted } from './objects-unaccounted.ts'

/** A way to run the gateway that may be killed. */
export interface Edition {
  start: typeof startGateway
  /** Whether an event that was answered with 202 survives wherever it is. */
  keepsQueue: boolean
  /** Objects in the folder of a gateway that has ended which nobody will ever delete. */
  objectsUnaccounted(folder: string): string[]
}

export const WORKERD: Edition = { start: startGateway, keepsQueue: false, objectsUnaccounted }
