import { roleArn, userArn } from '../aws/arn.ts'
import type { Settings } from '../aws/settings.ts'
import type { AccessKey, Role, User } from '../ports/directory.ts'

/** IAM's dates have no fractions: `2015-01-06T18:30:35Z`. */
export function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export function userShape(settings: Settings, { userName, path, userId, ...user }: User) {
  return {
    Path: path,
    UserName: userName,
    UserId: userId,
    Arn: userArn(settings, path, userName),
    CreateDate: isoSeconds(user.createdMilliseconds),
  }
}

export function roleShape(settings: Settings, { roleName, path, ...role }: Role) {
  return {
    Path: path,
    RoleName: roleName,
    RoleId: role.roleId,
    Arn: roleArn(settings, path, roleName),
    CreateDate: isoSeconds(role.createdMilliseconds),
    // Documents travel percent-encoded, by RFC 3986.
    AssumeRolePolicyDocument: encodeURIComponent(role.shownTrustPolicy),
    ...(role.description === '' ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
  }
}

export function accessKeyShape(userName: string, key: AccessKey) {
  return {
    UserName: userName,
    AccessKeyId: key.accessKeyId,
    Status: key.isActive ? 'Active' : 'Inactive',
    CreateDate: isoSeconds(key.createdMilliseconds),
  }
}
