import { logFault } from '../../aws/log-fault.ts'
import { PUBLISH_AGAIN_MILLISECONDS } from '../../aws/publisher.ts'
import { ServiceError } from '../../aws/service-error.ts'
import type { Settings } from '../../aws/settings.ts'
import type { Alarm } from '../../ports/alarm.ts'
import type {
  DirectoryAnswer,
  DirectoryOperation,
  DirectoryOperations,
  PolicyOwner,
  Role,
} from '../../ports/directory.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Sql } from '../../ports/sql.ts'
import { AccessKeys } from './access-keys.ts'
import { InlinePolicies } from './inline-policies.ts'
import { Publications } from './publications.ts'
import { identityPublisher } from './published-records.ts'
import { Resealing } from './resealing.ts'
import { Roles, type StoredRole } from './roles.ts'
import { TrustedPrincipals } from './trusted-principals.ts'
import { Users } from './users.ts'

/** What a platform gives the directory to live on. */
export interface DirectoryHost {
  sql: Sql
  alarm: Alarm
  identities: Pick<IdentityStore, 'put' | 'delete'>
  settings: Pick<Settings, 'accountId' | 'sealing'>
  now: () => number
}

type Handlers = {
  [Operation in DirectoryOperation]: (
    input: DirectoryOperations[Operation]['input'],
  ) => DirectoryOperations[Operation]['output']
}

const LOST_MILLISECONDS = 30_000

/** The directory of identities: the one writer of users, keys, roles and policies. */
export class DirectoryActor {
  readonly #host: DirectoryHost
  readonly #users: Users
  readonly #keys: AccessKeys
  readonly #roles: Roles
  readonly #principals: TrustedPrincipals
  readonly #policies: InlinePolicies
  readonly #publications: Publications
  readonly #resealing: Resealing
  readonly #handlers: Handlers

  constructor(host: DirectoryHost) {
    this.#host = host
    this.#users = new Users(host.sql)
    this.#keys = new AccessKeys(host.sql)
    this.#roles = new Roles(host.sql)
    this.#principals = new TrustedPrincipals(host.settings, this.#users, this.#roles)
    this.#policies = new InlinePolicies(host.sql)
    this.#resealing = new Resealing(host.sql, this.#keys, host.settings.sealing)
    const tables = {
      users: this.#users,
      keys: this.#keys,
      roles: this.#roles,
      policies: this.#policies,
    }
    this.#publications = new Publications(
      host.sql,
      identityPublisher(host.identities, host.settings, tables),
    )
    this.#handlers = this.#operations()
  }

  /** Does what is asked, all of it or nothing. What it refuses is data: this crosses RPC. */
  async ask<Operation extends DirectoryOperation>(
    operation: Operation,
    input: DirectoryOperations[Operation]['input'],
  ): Promise<DirectoryAnswer<Operation>> {
    await this.#reseal()
    const answer = this.#answer(operation, input)
    if (!this.#publications.isEmpty()) {
      // Before it is tried: what is not published is something to wake up for.
      this.#host.alarm.set(this.#host.now() + PUBLISH_AGAIN_MILLISECONDS)
      await this.#publications.publish()
    }
    return answer
  }

  /** The alarm went off. Re-arms before it acts, and cannot reject. */
  async wake(): Promise<void> {
    this.#host.alarm.set(this.#host.now() + LOST_MILLISECONDS)
    try {
      await this.#reseal()
      await this.#publications.publish()
      if (this.#publications.isEmpty()) this.#host.alarm.clear()
      else this.#host.alarm.set(this.#host.now() + PUBLISH_AGAIN_MILLISECONDS)
    } catch (error) {
      logFault('directory of identities', {}, error)
    }
  }

  #reseal(): Promise<void> {
    return this.#resealing.reseal((accessKeyId) => {
      this.#publications.add('access-key', accessKeyId)
    })
  }

  #answer<Operation extends DirectoryOperation>(
    operation: Operation,
    input: DirectoryOperations[Operation]['input'],
  ): DirectoryAnswer<Operation> {
    try {
      const handler: Handlers[Operation] = this.#handlers[operation]
      const output = this.#host.sql.transaction(() => handler(input))
      return { kind: 'done', output }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      return { kind: 'refused', code: error.code, message: error.message }
    }
  }

  #operations(): Handlers {
    const { now } = this.#host
    return {
      createUser: (input) => this.#users.create(input, now()),
      getUser: ({ userName }) => this.#users.get(userName),
      listUsers: (input) => this.#users.list(input),
      deleteUser: ({ userName }) => this.#deleteUser(userName),
      createAccessKey: (input) => {
        this.#users.get(input.userName)
        const key = this.#keys.create(input, now())
        this.#publications.add('access-key', input.accessKeyId)
        return key
      },
      listAccessKeys: (input) => {
        this.#users.get(input.userName)
        return this.#keys.list(input)
      },
      updateAccessKey: ({ userName, accessKeyId, isActive }) => {
        this.#users.get(userName)
        this.#keys.setActive(userName, accessKeyId, isActive)
        this.#publications.add('access-key', accessKeyId)
        return undefined
      },
      deleteAccessKey: ({ userName, accessKeyId }) => {
        this.#users.get(userName)
        this.#keys.delete(userName, accessKeyId)
        this.#publications.add('access-key', accessKeyId)
        return undefined
      },
      putPolicy: (input) => {
        this.#checkOwner(input)
        this.#policies.put(input)
        this.#publishOwner(input)
        return undefined
      },
      getPolicy: (input) => {
        this.#checkOwner(input)
        return this.#policies.get(input)
      },
      listPolicies: (input) => {
        this.#checkOwner(input)
        return this.#policies.list(input)
      },
      deletePolicy: (input) => {
        this.#checkOwner(input)
        this.#policies.delete(input)
        this.#publishOwner(input)
        return undefined
      },
      createRole: (input) => {
        const trustPolicy = this.#principals.bound(input.trustPolicy)
        const role = this.#roles.create({ ...input, trustPolicy }, now())
        this.#publications.add('role', input.roleName)
        return this.#shown(role)
      },
      getRole: ({ roleName }) => this.#shown(this.#roles.get(roleName)),
      listRoles: (input) => {
        const { items, ...end } = this.#roles.list(input)
        return { items: items.map((role) => this.#shown(role)), ...end }
      },
      deleteRole: ({ roleName }) => {
        this.#roles.get(roleName)
        this.#refuseWithPolicies({ owner: 'role', ownerName: roleName })
        this.#roles.delete(roleName)
        this.#publications.add('role', roleName)
        return undefined
      },
    }
  }

  #shown(role: StoredRole): Role {
    return { ...role, shownTrustPolicy: this.#principals.shown(role.trustPolicy) }
  }

  #deleteUser(userName: string): undefined {
    this.#users.get(userName)
    if (this.#keys.ofUser(userName).length > 0) {
      throw new ServiceError(
        'DeleteConflict',
        'Cannot delete entity, must delete access keys first.',
      )
    }
    this.#refuseWithPolicies({ owner: 'user', ownerName: userName })
    this.#users.delete(userName)
  }

  #refuseWithPolicies(owner: PolicyOwner): void {
    if (this.#policies.documents(owner).length > 0) {
      throw new ServiceError('DeleteConflict', 'Cannot delete entity, must delete policies first.')
    }
  }

  #checkOwner({ owner, ownerName }: PolicyOwner): void {
    if (owner === 'user') this.#users.get(ownerName)
    else this.#roles.get(ownerName)
  }

  /** A user's policies are published with each of its keys, so that one read tells all. */
  #publishOwner({ owner, ownerName }: PolicyOwner): void {
    if (owner === 'role') {
      this.#publications.add('role', ownerName)
      return
    }
    for (const { accessKeyId } of this.#keys.ofUser(ownerName)) {
      this.#publications.add('access-key', accessKeyId)
    }
  }
}
