import { writeSync } from 'node:fs'
import { bare, stringify } from '../primordials.ts'
import { FRAME_START, MAX_OUTPUT_LENGTH, outputLengthOf, type Frame } from './process-protocol.ts'

const STANDARD_OUTPUT = 1
const encoder = new TextEncoder()
const encode = encoder.encode.bind(encoder)
const subarray = (bytes: Uint8Array<ArrayBuffer>, start: number) =>
  new NativeUint8Array(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start)
const NativeUint8Array = Uint8Array

/** How much the call may still print. */
let left = MAX_OUTPUT_LENGTH

/** A call begins, which may print as much as any other. */
export function beginOutput(): void {
  left = MAX_OUTPUT_LENGTH
}

/** Tells the gateway. Waits until all is written. */
export function send(frame: Frame): void {
  let bytes = encode(`${FRAME_START}${stringify(bare(frame))}\n`)
  while (bytes.byteLength > 0) bytes = subarray(bytes, writeSync(STANDARD_OUTPUT, bytes))
}

function print(text: string): void {
  if (left < 0) return
  left -= outputLengthOf(text)
  send(left < 0 ? { kind: 'truncated' } : { kind: 'line', text })
}

/** The ways into the log; each takes one line, or several as one. */
export const originals = { log: print, info: print, debug: print, warn: print, error: print }
