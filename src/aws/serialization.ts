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
