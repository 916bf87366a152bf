import { roleSessionArn } from '../aws/arn.ts'
import type { Caller } from '../aws/caller.ts'
import { equalInConstantTime } from '../aws/hex.ts'
import { unseal } from '../aws/sealed-text.ts'
import { ServiceError } from '../aws/service-error.ts'
import { openSession } from '../aws/session-token.ts'
import type { Settings } from '../aws/settings.ts'
import { parseIdentityPolicy, type PolicyDocument } from '../iam/policy-document.ts'
import type { Ports } from '../ports/ports.ts'
import type { Claim } from './claim.ts'
import type { IdentityCache } from '../aws/identity-cache.ts'

/** Who a request says it is from; its signature has to prove it. */
export interface Identity extends Omit<Caller, 'judge' | 'context'> {
  secretAccessKey: string
  /** Of the root there are none: it may do everything. */
  policies?: PolicyDocument[]
  /** When a role was taken on. */
  issuedAtMilliseconds?: number
}

type IdentityPorts = Pick<Ports, 'settings' | 'identities' | 'now'>

const ACCESS_KEY_ID = /^[A-Z2-7]{20}$/

/** Throws for keys and tokens that are nobody's, or no longer. The root's costs no reading. */
export async function identify(
  ports: IdentityPorts,
  cache: IdentityCache,
  { accessKeyId, sessionToken }: Claim,
): Promise<Identity> {
  const { settings } = ports
  checkSecrets(settings)
  if (equalInConstantTime(accessKeyId, settings.rootAccessKeyId) && sessionToken === undefined) {
    return root(settings)
  }
  if (!ACCESS_KEY_ID.test(accessKeyId)) throw unrecognized()
  const identity =
    sessionToken === undefined
      ? await userOf(ports, cache, accessKeyId)
      : await roleOf(ports, cache, accessKeyId, sessionToken)
  if (identity === undefined) throw unrecognized()
  return identity
}

function root({ accountId, rootSecretAccessKey }: Settings): Identity {
  return {
    kind: 'root',
    arn: `arn:aws:iam::${accountId}:root`,
    accountId,
    userId: accountId,
    secretAccessKey: rootSecretAccessKey,
  }
}

function userOf(
  { identities, settings, now }: IdentityPorts,
  cache: IdentityCache,
  accessKeyId: string,
): Promise<Identity | undefined> {
  return cache(`access-key/${accessKeyId}`, now(), async () => {
    const record = await identities.get('access-key', accessKeyId)
    if (record?.isActive !== true) return undefined
    const sealedFor = { purpose: 'access-key', id: accessKeyId } as const
    const secretAccessKey = await unseal(settings.sealing, sealedFor, record.sealedSecret)
    if (secretAccessKey === undefined) return undefined
    return {
      kind: 'user',
      arn: record.arn,
      accountId: settings.accountId,
      userId: record.userId,
      userName: record.userName,
      secretAccessKey,
      policies: record.policies.map(parseIdentityPolicy),
    }
  })
}

async function roleOf(
  { identities, settings, now }: IdentityPorts,
  cache: IdentityCache,
  accessKeyId: string,
  sessionToken: string,
): Promise<Identity | undefined> {
  const session = await cache(`session/${accessKeyId}/${sessionToken}`, now(), () =>
    openSession(settings.sealing, accessKeyId, sessionToken),
  )
  if (session === undefined) return undefined
  if (session.expiresAtMilliseconds <= now()) {
    throw new ServiceError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
  }
  const role = await cache(`role/${session.roleName}`, now(), async () => {
    const record = await identities.get('role', session.roleName)
    return record && { ...record, documents: record.policies.map(parseIdentityPolicy) }
  })
  if (role?.roleId !== session.roleId) return undefined
  const { accountId } = settings
  return {
    kind: 'role',
    arn: roleSessionArn(settings, session.roleName, session.sessionName),
    accountId,
    userId: `${session.roleId}:${session.sessionName}`,
    roleArn: role.arn,
    secretAccessKey: session.secretAccessKey,
    policies: role.documents,
    issuedAtMilliseconds: session.issuedAtMilliseconds,
  }
}

function checkSecrets(settings: Settings): void {
  const missing = [
    ['ROOT_ACCESS_KEY_ID', settings.rootAccessKeyId],
    ['ROOT_SECRET_ACCESS_KEY', settings.rootSecretAccessKey],
    ['KEY_ENCRYPTION_SECRET', settings.sealing.current],
  ].flatMap(([name, value]) => (value === '' ? [name] : []))
  if (missing.length === 0) return
  throw new ServiceError(
    'UnrecognizedClientException',
    `This gateway has not all of its secrets yet. Set ${missing.join(', ')}.`,
  )
}

function unrecognized(): ServiceError {
  return new ServiceError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  )
}
