import { readSync } from 'node:fs'

const STANDARD_INPUT = 0
const NEWLINE = 10
const decoder = new TextDecoder()
const decode = decoder.decode.bind(decoder)
const NativeUint8Array = Uint8Array
/** One for all calls: a new one would have to be filled with zeros for each. */
const chunk = new NativeUint8Array(65_536)

/**
 * The next line of the standard input; `undefined` at its end. Nothing else happens in the process
 * until it is there: that is how Lambda froze what a function had left behind.
 */
export function readLine(): string | undefined {
  let text = ''
  for (;;) {
    const length = readSync(STANDARD_INPUT, chunk)
    if (length === 0) return undefined
    const isEnd = chunk[length - 1] === NEWLINE
    const end = isEnd ? length - 1 : length
    text += decode(new NativeUint8Array(chunk.buffer, 0, end), { stream: !isEnd })
    if (isEnd) return text
  }
}
