import { ServiceError } from '../aws/service-error.ts'
import type { CredentialScope } from './sigv4.ts'

export interface Authorization {
  accessKeyId: string
  scope: CredentialScope
  terminator: string
  signedHeaders: string[]
  signature: string
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/**
 * Takes `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` apart.
 * Throws IncompleteSignatureException, in AWS's words, naming each part that is missing.
 */
export function parseAuthorization(header: string): Authorization {
  const space = header.indexOf(' ')
  const algorithm = space < 0 ? header : header.slice(0, space)
  if (algorithm !== ALGORITHM) {
    throw incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`)
  }
  const parts = new Map<string, string>()
  for (const part of header.slice(algorithm.length).split(',')) {
    const at = part.indexOf('=')
    if (at > 0) parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim())
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name))
  if (missing.length > 0) {
    const sentences = missing.map((name) => `Authorization header requires '${name}' parameter.`)
    // The header itself is not echoed: what a client put there by mistake may be its secret.
    throw incomplete(sentences.join(' '))
  }
  const credential = parts.get('Credential') ?? ''
  // An access key id may hold no slash, so the last four parts are the scope.
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    )
  }
  const signedHeaders = (parts.get('SignedHeaders') ?? '').toLowerCase().split(';')
  if (!signedHeaders.every((name) => HEADER_NAME.test(name))) {
    throw incomplete("'SignedHeaders' must be header names, parted by semicolons.")
  }
  return {
    accessKeyId,
    scope: { date, region, service },
    terminator,
    signedHeaders,
    signature: parts.get('Signature') ?? '',
  }
}

function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message)
}
