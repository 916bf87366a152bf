import { createHash } from 'node:crypto'
import { pathOf, type FuzzRequest } from './fuzz-request.ts'
import type { Sent } from './send-request.ts'

/** A change that the gateway said it has made. */
interface Change {
  beganAt: number
  endedAt: number
  /** As it was answered; `undefined` when the function was deleted. */
  configuration: Record<string, unknown> | undefined
}

export interface FunctionHistory {
  changes: Change[]
  /** The length of every zip that was accepted, by its SHA-256. */
  zips: Map<string, number>
  /** How many zips were accepted. */
  uploads: number
}

const FUNCTION_PATH = /^\/2014-11-13\/functions\/([^/]+)(?:\/invoke-async)?\/?$/

/** What the gateway promised about each function. */
export class Ledger {
  readonly functions = new Map<string, FunctionHistory>()
  /** How many events of a function were accepted. */
  readonly events = new Map<string, number>()

  note({ request, outcome, beganAt, endedAt }: Sent): void {
    if (outcome.kind !== 'answered') return
    const { status, body } = outcome.answer
    const times = { beganAt, endedAt }
    if (request.method === 'PUT' && (status === 200 || status === 201)) {
      const configuration = JSON.parse(body.toString()) as Record<string, unknown>
      const history = this.#of(String(configuration.FunctionName))
      history.changes.push({ ...times, configuration })
      if (status === 201) {
        history.zips.set(sha256Of(request.body), request.body.length)
        history.uploads++
      }
    } else if (request.method === 'DELETE' && status === 204) {
      this.#of(functionNameIn(request)).changes.push({ ...times, configuration: undefined })
    } else if (request.method === 'POST' && status === 202) {
      const name = functionNameIn(request)
      this.events.set(name, (this.events.get(name) ?? 0) + 1)
    }
  }

  /** How a function may be now: no other change began after one of these had ended. */
  statesOf(functionName: string): Change['configuration'][] {
    const { changes } = this.#of(functionName)
    const lastBeganAt = Math.max(...changes.map(({ beganAt }) => beganAt))
    return changes
      .filter(({ endedAt }) => endedAt >= lastBeganAt)
      .map(({ configuration }) => configuration)
  }

  #of(functionName: string): FunctionHistory {
    const known = this.functions.get(functionName) ?? { changes: [], zips: new Map(), uploads: 0 }
    this.functions.set(functionName, known)
    return known
  }
}

/** Any part of a path may be percent-encoded. */
function functionNameIn(request: FuzzRequest): string {
  return FUNCTION_PATH.exec(decodeURIComponent(pathOf(request)))?.[1] ?? ''
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
