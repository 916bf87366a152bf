import { roleArn, userArn } from '../../aws/arn.ts'
import type { IdentityStore, PublishedIdentities } from '../../ports/identity-store.ts'
import type { AccessKeys } from './access-keys.ts'
import type { InlinePolicies } from './inline-policies.ts'
import type { Roles } from './roles.ts'
import type { Users } from './users.ts'

type Store = Pick<IdentityStore, 'put' | 'delete'>

interface Tables {
  users: Users
  keys: AccessKeys
  roles: Roles
  policies: InlinePolicies
}

/** Shows an access key or a role, as it is now, in the identity store. */
export function identityPublisher(store: Store, account: { accountId: string }, tables: Tables) {
  const { users, keys, roles, policies } = tables

  function keyRecord(accessKeyId: string): PublishedIdentities['access-key'] | undefined {
    const key = keys.find(accessKeyId)
    const user = key === undefined ? undefined : users.find(key.userName)
    if (key === undefined || user === undefined) return undefined
    const { userName, userId, path } = user
    return {
      isActive: key.isActive,
      sealedSecret: key.sealedSecret,
      userName,
      userId,
      arn: userArn(account, path, userName),
      policies: policies.documents({ owner: 'user', ownerName: userName }),
    }
  }

  function roleRecord(name: string): PublishedIdentities['role'] | undefined {
    const role = roles.find(name)
    if (role === undefined) return undefined
    const { roleName, roleId, path, isForLambda } = role
    return {
      roleName,
      roleId,
      arn: roleArn(account, path, roleName),
      isForLambda,
      policies: policies.documents({ owner: 'role', ownerName: roleName }),
    }
  }

  return async (kind: keyof PublishedIdentities, id: string): Promise<void> => {
    const record = kind === 'role' ? roleRecord(id) : keyRecord(id)
    if (record === undefined) await store.delete(kind, id)
    else await store.put(kind, id, record)
  }
}
