import { z } from 'zod'
import { newIamId, newSecretAccessKey } from './access-key.ts'
import { seal, unseal, type SealingSecrets } from './sealed-text.ts'

/** A role taken on for a while. */
export interface RoleSession {
  roleName: string
  /** A role that was deleted and made again is another one. */
  roleId: string
  sessionName: string
  issuedAtMilliseconds: number
  expiresAtMilliseconds: number
}

export interface TemporaryCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

// One letter each: every request of a function carries the token.
const Sealed = z.object({
  s: z.string(),
  n: z.string(),
  i: z.string(),
  m: z.string(),
  f: z.number(),
  t: z.number(),
})

/**
 * Credentials that nobody stores: the token holds all that is to be known of them, sealed. They end
 * with their time, or with their role.
 */
export async function issueCredentials(
  secrets: SealingSecrets,
  session: RoleSession,
): Promise<TemporaryCredentials> {
  const accessKeyId = newIamId('ASIA')
  const secretAccessKey = newSecretAccessKey()
  const content: z.infer<typeof Sealed> = {
    s: secretAccessKey,
    n: session.roleName,
    i: session.roleId,
    m: session.sessionName,
    f: session.issuedAtMilliseconds,
    t: session.expiresAtMilliseconds,
  }
  const text = JSON.stringify(content)
  const sealedFor = { purpose: 'session-token', id: accessKeyId } as const
  return { accessKeyId, secretAccessKey, sessionToken: await seal(secrets, sealedFor, text) }
}

/** The session of a token, and its secret; `undefined` for what was not issued with this key id. */
export async function openSession(
  secrets: SealingSecrets,
  accessKeyId: string,
  sessionToken: string,
): Promise<(RoleSession & { secretAccessKey: string }) | undefined> {
  const sealedFor = { purpose: 'session-token', id: accessKeyId } as const
  const text = await unseal(secrets, sealedFor, sessionToken)
  if (text === undefined) return undefined
  const { s, n, i, m, f, t } = Sealed.parse(JSON.parse(text))
  return {
    secretAccessKey: s,
    roleName: n,
    roleId: i,
    sessionName: m,
    issuedAtMilliseconds: f,
    expiresAtMilliseconds: t,
  }
}
