import { ServiceError } from '../aws/service-error.ts'
import { parseAuthorization } from './authorization-header.ts'
import type { Credential } from './credential.ts'
import { isPresigned, parsePresigned } from './presigned-query.ts'
import type { SignedRequest } from './sigv4.ts'
import { timestampOf } from './signing-time.ts'

/** What a request says about who signed it, when and what. The signature has to prove it. */
export interface Claim extends Credential {
  signedHeaders: string[]
  signature: string
  /** ISO 8601 basic, `20150830T123600Z`. */
  timestamp: string
  /** How long after that a presigned request is good. */
  expiresSeconds?: number
  sessionToken?: string
  /** The query that was signed. */
  query: string
}

/** The claim in the Authorization header or, where there is none, in the query. */
export function claimOf({ query, headers }: SignedRequest): Claim {
  const header = headers.get('authorization')
  if (header !== null) {
    const claim = { ...parseAuthorization(header), timestamp: timestampOf(headers), query }
    const sessionToken = headers.get('x-amz-security-token')
    return sessionToken === null ? claim : { ...claim, sessionToken }
  }
  if (isPresigned(query)) return parsePresigned(query)
  throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token')
}
