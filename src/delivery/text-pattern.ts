import type { TextPattern } from '../ports/log-groups.ts'

/** Whether a message is what the pattern asks for; without a pattern every message is. */
export function matchesText(pattern: TextPattern | undefined, message: string): boolean {
  if (pattern === undefined) return true
  const { allOf, noneOf, anyOf } = pattern
  const isIn = (text: string) => message.includes(text)
  return allOf.every(isIn) && !noneOf.some(isIn) && (anyOf.length === 0 || anyOf.some(isIn))
}
