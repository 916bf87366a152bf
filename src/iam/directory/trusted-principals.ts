import { roleArn, roleSessionArn, userArn } from '../../aws/arn.ts'
import { ServiceError } from '../../aws/service-error.ts'
import type { Roles } from './roles.ts'
import type { Users } from './users.ts'

/** Everybody, or an account as a whole. */
const ANYBODY_OF = /^(\*|\d{12}|arn:aws:iam::\d{12}:root)$/
const ENTITY = /^arn:aws:iam::(\d{12}):(user|role)\/[^\s*?]+$/
const SESSION = /^arn:aws:sts::(\d{12}):(assumed-role|federated-user)\/[^\s*?]+$/

/**
 * Whom trust policies mean. As IAM has it, a user or a role is kept by its unique id, so that nobody
 * is trusted for having the name of one who is gone (id_roles_create_policy-examples.html).
 */
export class TrustedPrincipals {
  readonly #account: { accountId: string }
  readonly #users: Users
  readonly #roles: Roles

  constructor(account: { accountId: string }, users: Users, roles: Roles) {
    this.#account = account
    this.#users = users
    this.#roles = roles
  }

  /** The policy as it is kept. Throws MalformedPolicyDocument for a principal that is not there. */
  bound(policy: string): string {
    return withPrincipals(policy, (principal) => {
      const kept = ANYBODY_OF.test(principal) ? principal : this.#keptAs(principal)
      if (kept === undefined) {
        const message = `Invalid principal in policy: "AWS":"${principal}"`
        throw new ServiceError('MalformedPolicyDocument', message)
      }
      return kept
    })
  }

  /** The policy as it is shown: by the ARNs of those who are still there. */
  shown(policy: string): string {
    return withPrincipals(policy, (principal) => this.#arnOf(principal) ?? principal)
  }

  #keptAs(principal: string): string | undefined {
    const [, accountId, kind] = ENTITY.exec(principal) ?? SESSION.exec(principal) ?? []
    if (accountId === undefined) return this.#arnOf(principal) && principal
    // Nobody of another account ever calls here, and federated users there are none.
    if (accountId !== this.#account.accountId || kind === 'federated-user') return principal
    const id = kind === 'assumed-role' ? this.#sessionId(principal) : this.#entityId(principal)
    return id !== undefined && this.#arnOf(id) === principal ? id : undefined
  }

  #entityId(arn: string): string | undefined {
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    return arn.includes(':user/') ? this.#users.find(name)?.userId : this.#roles.find(name)?.roleId
  }

  #sessionId(arn: string): string | undefined {
    const [, roleName = '', sessionName = ''] = arn.split('/')
    const role = this.#roles.find(roleName)
    return role && `${role.roleId}:${sessionName}`
  }

  /** Of `AIDA…`, `AROA…` or `AROA…:SESSION`; `undefined` for what is nobody's id, or no longer. */
  #arnOf(principal: string): string | undefined {
    const [id = '', sessionName] = principal.split(':')
    const role = this.#roles.findById(id)
    if (role !== undefined) {
      return sessionName === undefined
        ? roleArn(this.#account, role.path, role.roleName)
        : roleSessionArn(this.#account, role.roleName, sessionName)
    }
    const user = this.#users.findById(id)
    return user && userArn(this.#account, user.path, user.userName)
  }
}

/** The policy with other names for its AWS principals; the very same text where none is another. */
function withPrincipals(policy: string, nameOf: (principal: string) => string): string {
  const named = (principal: unknown): unknown =>
    typeof principal === 'string' ? nameOf(principal) : principal
  // No condition has an operator of this name, so that it is always a statement's.
  const renamed = JSON.stringify(
    JSON.parse(policy, (key, value: unknown) => {
      if (key !== 'Principal' || typeof value !== 'object' || value === null) return value
      if (!('AWS' in value)) return value
      return { ...value, AWS: Array.isArray(value.AWS) ? value.AWS.map(named) : named(value.AWS) }
    }),
  )
  return renamed === JSON.stringify(JSON.parse(policy)) ? policy : renamed
}
