import type { Spoil } from './spoils.ts'

/** Something out of the answer to a request that is sent before; `TAKEN` stands for it. */
export interface Taken {
  from: Pick<FuzzRequest, 'service' | 'method' | 'target' | 'headers' | 'body'>
  /** The members that lead to it in the answer. */
  path: (string | number)[]
  /** One character of it is another: where, as a part of its length. */
  tamperedAt?: number
}

/** What stands in the target or the body for what is taken from an answer; in no encoding changed. */
export const TAKEN = 'TAKEN-FROM-AN-ANSWER'

/** A request as plain data: it can be printed, and made again from its seed and index. */
export interface FuzzRequest {
  /** The operation that it began as. */
  operation: string
  service: 'lambda' | 'logs'
  method: string
  /** Path and query, sent as they stand. */
  target: string
  /** Sent and signed. */
  headers: [name: string, value: string][]
  /** Sent, but not signed. */
  unsigned: [name: string, value: string][]
  body: Uint8Array<ArrayBuffer>
  taken?: Taken
  /** What is done to the request while it is signed and afterwards. */
  spoil?: Spoil
  /** False where the platform, which knows no AWS form, may refuse or drop it by itself. */
  isHttp: boolean
}

/** The path as a server reads it, with dots resolved. */
export function pathOf({ target }: FuzzRequest): string {
  const url = `http://gateway.test${target}`
  return URL.canParse(url) ? new URL(url).pathname : ''
}
