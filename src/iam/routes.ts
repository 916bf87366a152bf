import { assumeRole } from './assume-role.ts'
import { createAccessKey } from './create-access-key.ts'
import { createRole } from './create-role.ts'
import { createUser } from './create-user.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { deleteRole } from './delete-role.ts'
import { deleteRolePolicy } from './delete-role-policy.ts'
import { deleteUser } from './delete-user.ts'
import { deleteUserPolicy } from './delete-user-policy.ts'
import { getCallerIdentity } from './get-caller-identity.ts'
import { getRole } from './get-role.ts'
import { getRolePolicy } from './get-role-policy.ts'
import { getUser } from './get-user.ts'
import { getUserPolicy } from './get-user-policy.ts'
import { listAccessKeys } from './list-access-keys.ts'
import { listRolePolicies } from './list-role-policies.ts'
import { listRoles } from './list-roles.ts'
import { listUserPolicies } from './list-user-policies.ts'
import { listUsers } from './list-users.ts'
import { putRolePolicy } from './put-role-policy.ts'
import { putUserPolicy } from './put-user-policy.ts'
import { updateAccessKey } from './update-access-key.ts'
import { operation, type QueryOperation } from './query-operation.ts'
import { newRole, newUser, role, rolesAt, user, usersAt } from './resources.ts'
import {
  AssumeRoleRequest,
  CreateRoleRequest,
  CreateUserRequest,
  DeleteAccessKeyRequest,
  GetCallerIdentityRequest,
  ListAccessKeysRequest,
  ListRequest,
  ListRolePoliciesRequest,
  ListUserPoliciesRequest,
  OptionalUserRequest,
  PutRolePolicyRequest,
  PutUserPolicyRequest,
  RolePolicyRequest,
  RoleRequest,
  UpdateAccessKeyRequest,
  UserPolicyRequest,
  UserRequest,
} from './shapes.ts'

/** A service of the Query protocol: what its requests are signed for, and its table. */
export interface QueryService {
  version: string
  /** Of the XML that it answers. */
  namespace: string
  operations: ReadonlyMap<string, QueryOperation>
}

const iam: QueryService = {
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: new Map([
    operation('CreateUser', CreateUserRequest, createUser, newUser),
    operation('GetUser', OptionalUserRequest, getUser, user),
    operation('ListUsers', ListRequest, listUsers, usersAt),
    operation('DeleteUser', UserRequest, deleteUser, user),
    operation('CreateAccessKey', OptionalUserRequest, createAccessKey, user),
    operation('ListAccessKeys', ListAccessKeysRequest, listAccessKeys, user),
    operation('UpdateAccessKey', UpdateAccessKeyRequest, updateAccessKey, user),
    operation('DeleteAccessKey', DeleteAccessKeyRequest, deleteAccessKey, user),
    operation('PutUserPolicy', PutUserPolicyRequest, putUserPolicy, user),
    operation('GetUserPolicy', UserPolicyRequest, getUserPolicy, user),
    operation('ListUserPolicies', ListUserPoliciesRequest, listUserPolicies, user),
    operation('DeleteUserPolicy', UserPolicyRequest, deleteUserPolicy, user),
    operation('CreateRole', CreateRoleRequest, createRole, newRole),
    operation('GetRole', RoleRequest, getRole, role),
    operation('ListRoles', ListRequest, listRoles, rolesAt),
    operation('DeleteRole', RoleRequest, deleteRole, role),
    operation('PutRolePolicy', PutRolePolicyRequest, putRolePolicy, role),
    operation('GetRolePolicy', RolePolicyRequest, getRolePolicy, role),
    operation('ListRolePolicies', ListRolePoliciesRequest, listRolePolicies, role),
    operation('DeleteRolePolicy', RolePolicyRequest, deleteRolePolicy, role),
  ]),
}

// These two look after themselves: one is open to all, the other asks the role's trust policy.
const sts: QueryService = {
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: new Map([
    operation('AssumeRole', AssumeRoleRequest, assumeRole),
    operation('GetCallerIdentity', GetCallerIdentityRequest, getCallerIdentity),
  ]),
}

/** By the service that a request is signed for. */
export const queryServices: ReadonlyMap<string, QueryService> = new Map([
  ['iam', iam],
  ['sts', sts],
])
