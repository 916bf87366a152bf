import { roleArn, roleNameOf } from '../aws/arn.ts'
import { invalidParameterValue } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'

type RolePorts = Pick<Ports, 'identities' | 'directory' | 'settings'>

/**
 * Throws, in Lambda's words, for a role that Lambda may not take on. One that is not there is good
 * enough unless roles are required; then the directory has the last word, for a role may be so new
 * that its copy has not arrived.
 */
export async function checkRole(ports: RolePorts, role: string): Promise<void> {
  const name = roleNameOf(ports.settings, role)
  const known = name === undefined ? undefined : await findRole(ports, name)
  if (known === undefined && !ports.settings.requireRoles) return
  if (known?.arn !== role || !known.isForLambda) {
    throw invalidParameterValue('The role defined for the function cannot be assumed by Lambda.')
  }
}

async function findRole({ identities, directory, settings }: RolePorts, roleName: string) {
  const published = await identities.get('role', roleName)
  if (published !== undefined || !settings.requireRoles) return published
  const answer = await directory.ask('getRole', { roleName })
  if (answer.kind === 'refused') return undefined
  const { path, isForLambda } = answer.output
  return { arn: roleArn(settings, path, roleName), isForLambda }
}
