import { excerpt } from '../aws/excerpt.ts'
import { parseInput } from '../aws/input.ts'
import { parseJsonObject } from '../aws/json-object.ts'
import { ServiceError, invalidParameterValue } from '../aws/service-error.ts'
import { DeadLetterChoiceRequest } from './shapes.ts'

const SHOWN_CHARACTERS = 100

/**
 * Which dead letters a body chooses: those of `RequestIds`, or all with `{}`, and with nothing else.
 * A slip of the pen must not delete all of them.
 */
export function chosenLetters(body: Uint8Array, path: object): DeadLetterChoiceRequest {
  if (body.byteLength === 0) {
    throw new ServiceError('SerializationException', 'The request body must be a JSON object')
  }
  const given = parseJsonObject(body)
  const unknown = Object.keys(given).find((name) => name !== 'RequestIds')
  if (unknown !== undefined) {
    const name = excerpt(unknown, SHOWN_CHARACTERS)
    throw invalidParameterValue(
      `'${name}' is no member of this request: RequestIds names dead letters, {} means all of them`,
    )
  }
  return parseInput(DeadLetterChoiceRequest, { ...given, ...path })
}
