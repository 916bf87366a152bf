import { ServiceError } from '../aws/service-error.ts'
import type { CredentialScope } from './sigv4.ts'

/** `Credential=KEY/DATE/REGION/SERVICE/aws4_request`, taken apart. */
export interface Credential {
  accessKeyId: string
  scope: CredentialScope
  terminator: string
}

/** What a signature may be scoped to here; the first of each is what errors tell. */
export interface ExpectedScope {
  regions: string[]
  services: string[]
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
/** More than any client signs: each is looked up and hashed. */
const MAX_SIGNED_HEADERS = 100

/** Throws IncompleteSignatureException for what has not five parts. */
export function parseCredential(text: string): Credential {
  // An access key id may hold no slash, so the last four parts are the scope.
  const [accessKeyId, date, region, service, terminator, ...rest] = text.split('/')
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
    )
  }
  return { accessKeyId, scope: { date, region, service }, terminator }
}

export function parseSignedHeaders(text: string): string[] {
  const names = text.toLowerCase().split(';')
  if (!names.every((name) => HEADER_NAME.test(name))) {
    throw incomplete("'SignedHeaders' must be header names, parted by semicolons.")
  }
  if (names.length > MAX_SIGNED_HEADERS) {
    throw incomplete(`'SignedHeaders' must name at most ${MAX_SIGNED_HEADERS} headers.`)
  }
  return names
}

/** Throws InvalidSignatureException for what was signed for elsewhere. */
export function checkScope({ scope, terminator }: Credential, expected: ExpectedScope): void {
  const [region = ''] = expected.regions
  const [service = ''] = expected.services
  if (terminator !== 'aws4_request') {
    throw invalidSignature(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`,
    )
  }
  if (!expected.regions.includes(scope.region)) {
    throw invalidSignature(
      `Credential should be scoped to a valid region, not '${scope.region}'. Expected '${region}'.`,
    )
  }
  if (!expected.services.includes(scope.service)) {
    throw invalidSignature(`Credential should be scoped to correct service: '${service}'.`)
  }
}

export function incomplete(message: string): ServiceError {
  return new ServiceError('IncompleteSignatureException', message)
}

export function invalidSignature(message: string): ServiceError {
  return new ServiceError('InvalidSignatureException', message)
}
