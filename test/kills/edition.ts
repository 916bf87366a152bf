import { startGateway } from '../support/local-gateway.ts'
import type { StoredThings } from './objects-unaccounted.ts'
import { storedByDeno } from './stored-by-deno.ts'
import { storedByWorkerd } from './stored-by-workerd.ts'

/** A way to run the gateway that may be killed. */
export interface Edition {
  start: typeof startGateway
  /** Whether an event that was answered with 202 survives wherever it is. */
  keepsQueue: boolean
  /** What is in the folder of a gateway that has ended. */
  storedIn(folder: string): StoredThings
}

export const EDITIONS = {
  workers: {
    start: (options) => startGateway({ ...options, edition: 'workers' }),
    keepsQueue: false,
    storedIn: storedByWorkerd,
  },
  deno: {
    start: (options) => startGateway({ ...options, edition: 'deno' }),
    keepsQueue: true,
    storedIn: storedByDeno,
  },
} as const satisfies Record<string, Edition>
