// How arguments and answers of a port travel between a test and the worker that has the port.

interface Tagged {
  $bytes?: string
  $stream?: string
  $breaks?: boolean
  $undefined?: true
}

/** A body for `CodeStore.put`: these bytes, and then perhaps a connection that is lost. */
export interface BodyScript {
  bytes: Uint8Array
  breaks: boolean
}

export function streamOf({ bytes, breaks }: BodyScript): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      if (breaks) controller.error(new Error('connection lost'))
      else controller.close()
    },
  })
}

/** JSON with bytes, body scripts and `undefined` kept. */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, _key, one: unknown) {
    if (one === undefined) return { $undefined: true }
    if (one instanceof Uint8Array) return { $bytes: toBase64(one) }
    if (isBodyScript(one)) return { $stream: toBase64(one.bytes), $breaks: one.breaks }
    return one
  })
}

export function decodeWire(text: string): unknown {
  const decoded: unknown = JSON.parse(text, (_key, one: unknown) => {
    const tagged = (typeof one === 'object' && one !== null ? one : {}) as Tagged
    if (tagged.$bytes !== undefined) return fromBase64(tagged.$bytes)
    if (tagged.$stream !== undefined) {
      return streamOf({ bytes: fromBase64(tagged.$stream), breaks: tagged.$breaks === true })
    }
    return one
  })
  return withUndefined(decoded)
}

/** A reviver that answers `undefined` deletes the member, so this is a pass of its own. */
function withUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof ReadableStream) return value
  if ('$undefined' in value) return undefined
  if (Array.isArray(value)) return value.map(withUndefined)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withUndefined(one)]))
}

function isBodyScript(value: unknown): value is BodyScript {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'breaks' in value
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
