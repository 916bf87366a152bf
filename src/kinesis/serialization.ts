import { excerpt } from '../aws/excerpt.ts'

// What the deserializer of Amazon's framework says of a member of a wrong type (kinesalite's
// validations/index.js, which was tested against the real service).

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber'

const JAVA_CLASS: Record<string, string | undefined> = {
  boolean: 'class java.lang.Boolean',
  number: NUMBER,
  string: 'class java.lang.String',
}

/** Says why a value is not `what`, such as `an String`. */
export function cannotBeConverted(input: unknown, what: string): string {
  const javaClass = JAVA_CLASS[typeof input]
  return javaClass === undefined ? misplaced(input) : `${javaClass} can not be converted to ${what}`
}

export function notBoolean(input: unknown): string {
  if (typeof input !== 'string') return cannotBeConverted(input, 'an Boolean')
  return `'${input.toUpperCase()}' can not be converted to an Boolean`
}

/** Says why a value, which is no list or no structure, is not what was expected. */
export function unexpected(input: unknown, expected: string): string {
  return typeof input === 'object' ? misplaced(input) : `Expected ${expected}`
}

function misplaced(input: unknown): string {
  return Array.isArray(input)
    ? 'Start of list found where not expected'
    : 'Start of structure or map found where not expected.'
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
/** The last character before padding has bits that mean nothing; they have to be zero. */
const CLEAN_END = /^(.*[^=]|.*[AEIMQUYcgkosw048]=|.*[AQgw]==)?$/

const MAX_SHOWN_CHARACTERS = 1000

/** Says why a text is not base64; `undefined` when it is. */
export function notBase64(text: string): string | undefined {
  const fault = faultOf(text)
  return (
    fault && `'${excerpt(text, MAX_SHOWN_CHARACTERS)}' can not be converted to a Blob: ${fault}`
  )
}

function faultOf(text: string): string | undefined {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`
  }
  if (!BASE64.test(text)) {
    const [, character = '='] = /([^A-Za-z0-9+/=]|=(?=[^=]))/.exec(text) ?? []
    return `Invalid Base64 character: '${character}'`
  }
  // Spelled as the real service spells it.
  const isClean = CLEAN_END.test(text.slice(-4))
  return isClean ? undefined : 'Invalid last non-pad Base64 character dectected'
}
