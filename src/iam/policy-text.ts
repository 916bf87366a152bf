/** What is known of a request besides action and resource: keys in lower case, `aws:username`. */
export type Context = ReadonlyMap<string, string>

/** Any text, any one character, or this one. */
type Token = { kind: 'any' } | { kind: 'one' } | { kind: 'exact'; character: string }

interface Reading {
  context: Context
  /** Version 2012-10-17 knows `${aws:username}`; in older policies it is text like any other. */
  hasVariables: boolean
  /** Whether `*` and `?` are more than themselves. */
  hasWildcards: boolean
  ignoresCase?: boolean
}

const VARIABLE = /\$\{([^}]*)\}/y
const SPECIAL = ['*', '?', '$']

/** Whether a text of a policy, with its wildcards and variables, stands for `text`. */
export function matchesText(pattern: string, text: string, reading: Reading): boolean {
  const tokens = tokensOf(pattern, reading)
  if (tokens === undefined) return false
  return reading.ignoresCase === true
    ? matches(tokens.map(lowerCase), text.toLowerCase())
    : matches(tokens, text)
}

/** The text with its variables resolved; `undefined` when one of them is not known. */
export function resolvedText(pattern: string, reading: Omit<Reading, 'hasWildcards'>) {
  const tokens = tokensOf(pattern, { ...reading, hasWildcards: false })
  return tokens?.map((token) => (token.kind === 'exact' ? token.character : '')).join('')
}

/** `undefined` when a variable has no value: then the text stands for nothing at all. */
function tokensOf(pattern: string, reading: Reading): Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    VARIABLE.lastIndex = at
    const variable = reading.hasVariables ? VARIABLE.exec(pattern) : null
    if (variable !== null) {
      const value = valueOf(variable[1] ?? '', reading.context)
      if (value === undefined) return undefined
      // A value is only itself: a user called `*` is no wildcard.
      tokens.push(...Array.from(value.split(''), exact))
      at += variable[0].length - 1
      continue
    }
    const character = pattern.charAt(at)
    if (reading.hasWildcards && character === '*') tokens.push({ kind: 'any' })
    else if (reading.hasWildcards && character === '?') tokens.push({ kind: 'one' })
    else tokens.push(exact(character))
  }
  return tokens
}

/** `aws:username`, or with what to take where there is none: `aws:username, 'nobody'`. */
function valueOf(variable: string, context: Context): string | undefined {
  if (SPECIAL.includes(variable)) return variable
  const [, name = '', , fallback] = /^\s*([^,\s]*)\s*(,\s*'([^']*)'\s*)?$/.exec(variable) ?? []
  return context.get(name.toLowerCase()) ?? fallback
}

function exact(character: string): Token {
  return { kind: 'exact', character }
}

function lowerCase(token: Token): Token {
  return token.kind === 'exact' ? exact(token.character.toLowerCase()) : token
}

/** Goes back to the last `*` only, so that no pattern takes long. */
function matches(tokens: Token[], text: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    const token = tokens[next]
    if (token?.kind === 'any') {
      star = next++
      resumeAt = at
    } else if (token?.kind === 'one' || token?.character === text.charAt(at)) {
      next++
      at++
    } else if (star >= 0) {
      next = star + 1
      at = ++resumeAt
    } else {
      return false
    }
  }
  return tokens.slice(next).every((token) => token.kind === 'any')
}
