import type { Caller } from '../aws/caller.ts'
import type { Ports } from './ports.ts'

/** A request body whose signature can only be judged once all of it went by. */
export interface SignedPayload {
  /** Content-Length in bytes; `undefined` when the client sent none. */
  size: number | undefined
  stream: ReadableStream<Uint8Array>
  /** Throws InvalidSignatureException unless this SHA-256, in hex, is that of what was signed. */
  verify: (sha256: string) => void
}

/** What the front door hands to every route, as Hono's environment. */
export interface Front {
  /** Whatever the platform binds; only `portsOf` knows what it is. */
  Bindings: object
  Variables: {
    ports: Ports
    requestId: string
    /** Proven once the body is read; on the one route that streams, by `payload.verify`. */
    caller: Caller
    /** The service that the request was signed for. */
    signedService: string
    /** The whole body, already verified; empty on the one route that streams. */
    body: Uint8Array<ArrayBuffer>
    payload: SignedPayload
  }
}
