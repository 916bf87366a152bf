import { ALGORITHM } from './authorization-header.ts'
import type { Claim } from './claim.ts'
import { incomplete, parseCredential, parseSignedHeaders } from './credential.ts'

const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
]
const OPTIONAL = ['X-Amz-Expires', 'X-Amz-Security-Token']
const WEEK_SECONDS = 7 * 24 * 60 * 60
/** Where the client does not say: as long as a signed header is good. */
const DEFAULT_EXPIRES = '900'

/** Whether the query carries any part of a signature. */
export function isPresigned(query: string): boolean {
  const parameters = new URLSearchParams(`?${query}`)
  return REQUIRED.some((name) => parameters.has(name))
}

/**
 * A signature in the query. Throws IncompleteSignatureException, in AWS's words, for each
 * parameter that is missing, and for what is there twice: of two values one was not meant.
 */
export function parsePresigned(query: string): Claim {
  const parameters = new URLSearchParams(`?${query}`)
  const missing = REQUIRED.filter((name) => !parameters.get(name))
  if (missing.length > 0) {
    const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
    throw incomplete(`${sentences.join(' ')} Re-examine the query-string parameters.`)
  }
  for (const name of [...REQUIRED, ...OPTIONAL]) {
    if (parameters.getAll(name).length > 1) {
      throw incomplete(`AWS query-string parameters must include '${name}' only once.`)
    }
  }
  const value = (name: string) => parameters.get(name) ?? ''
  if (value('X-Amz-Algorithm') !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm': '${value('X-Amz-Algorithm')}'.`)
  }
  const timestamp = value('X-Amz-Date')
  if (!/^\d{8}T\d{6}Z$/.test(timestamp)) {
    throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${timestamp}'.`)
  }
  const sessionToken = parameters.get('X-Amz-Security-Token')
  return {
    ...parseCredential(value('X-Amz-Credential')),
    signedHeaders: parseSignedHeaders(value('X-Amz-SignedHeaders')),
    signature: value('X-Amz-Signature'),
    timestamp,
    expiresSeconds: expiresOf(parameters.get('X-Amz-Expires') ?? DEFAULT_EXPIRES),
    query: withoutSignature(query),
    ...(sessionToken === null ? {} : { sessionToken }),
  }
}

function expiresOf(text: string): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (seconds < 1 || seconds > WEEK_SECONDS) {
    throw incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${WEEK_SECONDS}.`)
  }
  return seconds
}

/** The signature signs all of the query but itself; the rest stays as it was sent. */
function withoutSignature(query: string): string {
  return query
    .split('&')
    .filter((pair) => !new URLSearchParams(`?${pair}`).has('X-Amz-Signature'))
    .join('&')
}
