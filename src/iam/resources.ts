import { roleArn, userArn } from '../aws/arn.ts'
import type { Caller } from '../aws/caller.ts'
import type { IamPorts, Resource } from './query-operation.ts'
import { userNameOf } from './user-name.ts'

// What the operations of IAM are done to. Policies name users and roles with their paths, so those
// of what exists have to be looked up; of what does not, the path is `/`.

export function newUser(
  { settings }: IamPorts,
  { UserName, Path }: { UserName: string; Path: string },
): Resource {
  const arn = userArn(settings, Path, UserName)
  return { arn, shown: arn }
}

export async function user(
  { directory, settings }: IamPorts,
  input: { UserName?: string | undefined },
  caller: Caller,
): Promise<Resource> {
  const userName = userNameOf(input, caller)
  const answer = await directory.ask('getUser', { userName })
  const path = answer.kind === 'done' ? answer.output.path : '/'
  return { arn: userArn(settings, path, userName), shown: userArn(settings, '/', userName) }
}

export function newRole(
  { settings }: IamPorts,
  { RoleName, Path }: { RoleName: string; Path: string },
): Resource {
  const arn = roleArn(settings, Path, RoleName)
  return { arn, shown: arn }
}

export async function role(
  { directory, settings }: IamPorts,
  { RoleName }: { RoleName: string },
): Promise<Resource> {
  const answer = await directory.ask('getRole', { roleName: RoleName })
  const path = answer.kind === 'done' ? answer.output.path : '/'
  return { arn: roleArn(settings, path, RoleName), shown: roleArn(settings, '/', RoleName) }
}

export function usersAt({ settings }: IamPorts, { PathPrefix }: { PathPrefix: string }): Resource {
  const arn = userArn(settings, PathPrefix, '')
  return { arn, shown: arn }
}

export function rolesAt({ settings }: IamPorts, { PathPrefix }: { PathPrefix: string }): Resource {
  const arn = roleArn(settings, PathPrefix, '')
  return { arn, shown: arn }
}
