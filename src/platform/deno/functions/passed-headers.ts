import { REFUSAL_HEADER, TARGET_HEADER } from '../../../runtime/sandbox/process/process-protocol.ts'

/** Of one connection, or between the gateway and its functions. */
const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  TARGET_HEADER,
  REFUSAL_HEADER,
])

/** Names and values by turns, as `rawHeaders` has them, without what is not to be passed on. */
export function passedHeaders(rawHeaders: string[]): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)] ?? ''
    return !OF_CONNECTION.has(name.toLowerCase())
  })
}
