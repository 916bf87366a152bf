import type { ErrorCode } from '../aws/service-error.ts'

export interface User {
  userName: string
  path: string
  userId: string
  createdMilliseconds: number
}

export interface AccessKey {
  accessKeyId: string
  isActive: boolean
  createdMilliseconds: number
}

export interface Role {
  roleName: string
  path: string
  roleId: string
  createdMilliseconds: number
  description: string
  maxSessionSeconds: number
  /** As it is judged: users and roles by their unique ids or, of earlier versions, by their ARNs. */
  trustPolicy: string
  /** As it is shown: by the ARNs of those who are still there. */
  shownTrustPolicy: string
  /** Whether the trust policy names the Lambda service. */
  isForLambda: boolean
}

/** Whose inline policies. */
export interface PolicyOwner {
  owner: 'user' | 'role'
  ownerName: string
}

export interface PageRequest {
  limit: number
  /** Where the page before ended. */
  after?: string | undefined
}

export interface Page<Item> {
  items: Item[]
  /** The `after` of the next page; absent on the last one. */
  next?: string
}

type NewUser = Pick<User, 'userName' | 'path' | 'userId'>
/** The trust policy is as it was sent. */
type NewRole = Omit<Role, 'createdMilliseconds' | 'shownTrustPolicy'>

/** What can be asked of the directory, and what it answers. */
export interface DirectoryOperations {
  createUser: { input: NewUser; output: User }
  getUser: { input: { userName: string }; output: User }
  listUsers: { input: { pathPrefix: string } & PageRequest; output: Page<User> }
  deleteUser: { input: { userName: string }; output: undefined }
  createAccessKey: {
    input: { userName: string; accessKeyId: string; sealedSecret: string }
    output: AccessKey
  }
  listAccessKeys: { input: { userName: string } & PageRequest; output: Page<AccessKey> }
  updateAccessKey: {
    input: { userName: string; accessKeyId: string; isActive: boolean }
    output: undefined
  }
  deleteAccessKey: { input: { userName: string; accessKeyId: string }; output: undefined }
  putPolicy: { input: PolicyOwner & { policyName: string; document: string }; output: undefined }
  getPolicy: { input: PolicyOwner & { policyName: string }; output: { document: string } }
  listPolicies: { input: PolicyOwner & PageRequest; output: Page<string> }
  deletePolicy: { input: PolicyOwner & { policyName: string }; output: undefined }
  createRole: { input: NewRole; output: Role }
  getRole: { input: { roleName: string }; output: Role }
  listRoles: { input: { pathPrefix: string } & PageRequest; output: Page<Role> }
  deleteRole: { input: { roleName: string }; output: undefined }
}

export type DirectoryOperation = keyof DirectoryOperations

export type DirectoryAnswer<Operation extends DirectoryOperation> =
  | { kind: 'done'; output: DirectoryOperations[Operation]['output'] }
  | { kind: 'refused'; code: ErrorCode; message: string }

/**
 * The single writer of users, keys, roles and policies. What it answered is stored for good, and is
 * in the identity store at once or, when that refuses, as soon as it accepts.
 */
export interface Directory {
  ask<Operation extends DirectoryOperation>(
    operation: Operation,
    input: DirectoryOperations[Operation]['input'],
  ): Promise<DirectoryAnswer<Operation>>
}
