import { roleNameOf } from '../aws/arn.ts'
import { BoundedMap } from '../aws/bounded-map.ts'
import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import { identityCache } from '../aws/identity-cache.ts'
import type { RoleRecord } from '../aws/identity-record.ts'
import { issueCredentials } from '../aws/session-token.ts'
import type { Settings } from '../aws/settings.ts'
import type { IdentityStore } from '../ports/identity-store.ts'

/** What a function finds on `process.env`, where SDKs look for credentials. */
export interface CredentialVariables {
  AWS_ACCESS_KEY_ID: string
  AWS_SECRET_ACCESS_KEY: string
  AWS_SESSION_TOKEN?: string
}

interface Gateway {
  settings: Settings
  identities: Pick<IdentityStore, 'get'>
  now: () => number
}

/**
 * What a function without a role has, so that SDKs sign what they send. The gateway refuses them:
 * they are nobody's, and never its own.
 */
const NOBODY = { AWS_ACCESS_KEY_ID: 'function', AWS_SECRET_ACCESS_KEY: 'function' }

/** SDKs keep what they found first, so that it has to last as long as a warm instance might. */
const LIFE_MILLISECONDS = 6 * 60 * 60 * 1000
/** Good for many calls; what is left of them is longer than any instance is likely to live. */
const RENEW_MILLISECONDS = 60 * 60 * 1000
const MAX_ISSUED = 1000

/**
 * Issues temporary credentials of a function's role, if there is one that trusts Lambda. Remembers
 * roles and credentials, so that not every call has to make them anew.
 */
export function roleCredentialIssuer() {
  const roles = identityCache()
  const issued = new BoundedMap<string, { variables: CredentialVariables; atMilliseconds: number }>(
    MAX_ISSUED,
  )

  return async (
    gateway: Gateway,
    { Role, FunctionName }: FunctionConfiguration,
  ): Promise<CredentialVariables> => {
    const role = await findRole(gateway, Role)
    if (role?.arn !== Role || !role.isForLambda) return NOBODY
    const now = gateway.now()
    const name = `${role.roleId}/${FunctionName}`
    const known = issued.get(name)
    if (known !== undefined && now - known.atMilliseconds < RENEW_MILLISECONDS) {
      return known.variables
    }
    const credentials = await issueCredentials(gateway.settings.sealing, {
      roleName: role.roleName,
      roleId: role.roleId,
      sessionName: FunctionName,
      issuedAtMilliseconds: now,
      expiresAtMilliseconds: now + LIFE_MILLISECONDS,
    })
    const variables = {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    }
    issued.set(name, { variables, atMilliseconds: now })
    return variables
  }

  /** Kept for as long when there is none, for most calls of a function without a role are like that. */
  async function findRole(
    { settings, identities, now }: Gateway,
    arn: string,
  ): Promise<RoleRecord | undefined> {
    const roleName = roleNameOf(settings, arn)
    if (roleName === undefined) return undefined
    const found = await roles(roleName, now(), async () => {
      return { role: await identities.get('role', roleName) }
    })
    return found?.role
  }
}
