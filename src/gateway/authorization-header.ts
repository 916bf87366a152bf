import { incomplete, parseCredential, parseSignedHeaders, type Credential } from './credential.ts'

interface Authorization extends Credential {
  signedHeaders: string[]
  signature: string
}

export const ALGORITHM = 'AWS4-HMAC-SHA256'

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
  return {
    ...parseCredential(parts.get('Credential') ?? ''),
    signedHeaders: parseSignedHeaders(parts.get('SignedHeaders') ?? ''),
    signature: parts.get('Signature') ?? '',
  }
}
