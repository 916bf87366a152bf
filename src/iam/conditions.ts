import { isInNetwork } from './ip-network.ts'
import { matchesText, resolvedText, type Context } from './policy-text.ts'

type Test = (wanted: string, actual: string) => boolean

interface Operator {
  /** Whether one value of the policy holds for the request's. */
  test: Test
  /** Holds when no value of the policy does, and where the request has no such key. */
  isNegated?: boolean
}

interface Reading {
  context: Context
  hasVariables: boolean
}

const like = (isLike: boolean, ignoresCase: boolean, isNegated: boolean) => (reading: Reading) => ({
  test: (wanted: string, actual: string) =>
    matchesText(wanted, actual, { ...reading, hasWildcards: isLike, ignoresCase }),
  isNegated,
})

/** Compares what a policy's text comes to, its variables resolved. */
const by =
  (test: Test, isNegated = false) =>
  (reading: Reading): Operator => ({
    test(wanted, actual) {
      const resolved = resolvedText(wanted, reading)
      return resolved !== undefined && test(resolved, actual)
    },
    isNegated,
  })

const dates = (isSo: (actual: number, wanted: number) => boolean, isNegated = false) =>
  by((wanted, actual) => isSo(timeOf(actual), timeOf(wanted)), isNegated)
const numbers = (isSo: (actual: number, wanted: number) => boolean, isNegated = false) =>
  by((wanted, actual) => isSo(Number(actual), Number(wanted)), isNegated)

const OPERATORS: Record<string, (reading: Reading) => Operator> = {
  StringEquals: like(false, false, false),
  StringNotEquals: like(false, false, true),
  StringEqualsIgnoreCase: like(false, true, false),
  StringNotEqualsIgnoreCase: like(false, true, true),
  StringLike: like(true, false, false),
  StringNotLike: like(true, false, true),
  // The two of each pair are the same in IAM: both take wildcards.
  ArnEquals: like(true, false, false),
  ArnLike: like(true, false, false),
  ArnNotEquals: like(true, false, true),
  ArnNotLike: like(true, false, true),
  Bool: by((wanted, actual) => wanted.toLowerCase() === actual.toLowerCase()),
  DateEquals: dates((actual, wanted) => actual === wanted),
  DateNotEquals: dates((actual, wanted) => actual === wanted, true),
  DateLessThan: dates((actual, wanted) => actual < wanted),
  DateLessThanEquals: dates((actual, wanted) => actual <= wanted),
  DateGreaterThan: dates((actual, wanted) => actual > wanted),
  DateGreaterThanEquals: dates((actual, wanted) => actual >= wanted),
  NumericEquals: numbers((actual, wanted) => actual === wanted),
  NumericNotEquals: numbers((actual, wanted) => actual === wanted, true),
  NumericLessThan: numbers((actual, wanted) => actual < wanted),
  NumericLessThanEquals: numbers((actual, wanted) => actual <= wanted),
  NumericGreaterThan: numbers((actual, wanted) => actual > wanted),
  NumericGreaterThanEquals: numbers((actual, wanted) => actual >= wanted),
  IpAddress: by(isInNetwork),
  NotIpAddress: by(isInNetwork, true),
}

const IF_EXISTS = 'IfExists'

export function isConditionOperator(name: string): boolean {
  return name === 'Null' || operatorNamed(name) !== undefined
}

/** Whether all operators hold, each for all of its keys, each key for any of its values. */
export function conditionsHold(
  conditions: Record<string, Record<string, string[]>>,
  reading: Reading,
): boolean {
  return Object.entries(conditions).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      holds(name, values, reading.context.get(key.toLowerCase()), reading),
    ),
  )
}

function holds(
  name: string,
  values: string[],
  actual: string | undefined,
  reading: Reading,
): boolean {
  if (name === 'Null') return values.some((one) => (one === 'true') === (actual === undefined))
  const operator = operatorNamed(name)?.(reading)
  if (operator === undefined) return false
  if (actual === undefined) return operator.isNegated === true || name.endsWith(IF_EXISTS)
  const isAny = values.some((wanted) => operator.test(wanted, actual))
  return operator.isNegated === true ? !isAny : isAny
}

function operatorNamed(name: string): ((reading: Reading) => Operator) | undefined {
  const base = name.endsWith(IF_EXISTS) ? name.slice(0, -IF_EXISTS.length) : name
  return Object.hasOwn(OPERATORS, base) ? OPERATORS[base] : undefined
}

/** Milliseconds of an ISO 8601 date, or of seconds since 1970. */
function timeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}
