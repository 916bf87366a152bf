import type { TextPattern } from '../ports/log-groups.ts'
import { invalidParameter } from './invalid-parameter.ts'

/** A term: an optional sign, then a phrase in quotes or a word. */
const TERM = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y

/**
 * CloudWatch's filter pattern for plain text (FilterAndPatternSyntax.html of its user guide): every
 * term must be in the message, no term after a `-`, and of terms after a `?` any one; beside other
 * terms those with `?` have no effect. Quotes hold a phrase together and are needed for all but
 * letters, digits and underscores. Case counts.
 */
export function parseFilterPattern(filterPattern: string): TextPattern | undefined {
  const text = filterPattern.trim()
  if (/^(\{.*\}|\[.*\]|%.*%)$/s.test(text)) {
    throw invalidParameter(
      'Invalid filter pattern: this service has patterns of terms only, not of JSON, columns or %expressions%',
    )
  }
  const pattern: TextPattern = { allOf: [], noneOf: [], anyOf: [] }
  const lists = { '': pattern.allOf, '-': pattern.noneOf, '?': pattern.anyOf }
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const [, sign, phrase, word = ''] = TERM.exec(text) ?? []
    if (sign === undefined) throw invalidParameter('Invalid filter pattern')
    const term = phrase?.replace(/\\(.)/gs, '$1') ?? checked(word)
    if (term !== '') lists[sign as keyof typeof lists].push(term) // what TERM lets through
  }
  if (pattern.allOf.length + pattern.noneOf.length > 0) pattern.anyOf = []
  return text === '' ? undefined : pattern
}

/** The sentence is CloudWatch's own: `Invalid character(s) in term ':'`, for `?Status: timeout`. */
function checked(word: string): string {
  const [invalid] = /[^\p{L}\p{N}_]/u.exec(word) ?? []
  if (invalid !== undefined) throw invalidParameter(`Invalid character(s) in term '${invalid}'`)
  return word
}
