import { ServiceError } from './service-error.ts'
import { decodeUtf8 } from './utf8.ts'

/** The object in a JSON body; an empty body has none of its members. Throws SerializationException. */
export function parseJsonObject(body: Uint8Array): object {
  if (body.byteLength === 0) return {}
  try {
    const value: unknown = JSON.parse(decodeUtf8(body))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Told below: what is not JSON and what is no object have the same answer.
  }
  throw new ServiceError('SerializationException', 'The request body must be a JSON object')
}
