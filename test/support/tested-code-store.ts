import type { CodeStore } from '../../src/ports/code-store.ts'
import type { TestedCodeStore } from '../contracts/code-store.ts'
import { streamOf } from './contract-wire.ts'

/** A code store of this process, as the contract asks it. */
export function testedCodeStore(code: () => CodeStore): TestedCodeStore {
  return {
    put: (key, body, size) => code().put(key, streamOf(body), size),
    head: (key) => code().head(key),
    delete: (key) => code().delete(key),
    list: (prefix) => Array.fromAsync(code().list(prefix)),
    async get(key, range) {
      const stored = await code().get(key, range)
      if (stored === undefined) return undefined
      const body = new Uint8Array(await new Response(stored.body).arrayBuffer())
      return { size: stored.size, body }
    },
  }
}
