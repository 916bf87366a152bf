import type { z } from 'zod'
import { ask } from './ask.ts'
import { newIdentityPolicy } from './new-policy.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { PutRolePolicyRequest } from './shapes.ts'

export async function putRolePolicy(
  ports: IamPorts,
  { RoleName, PolicyName, PolicyDocument }: z.infer<typeof PutRolePolicyRequest>,
): Promise<Result> {
  newIdentityPolicy(PolicyDocument)
  const put = { ownerName: RoleName, policyName: PolicyName, document: PolicyDocument }
  return ask(ports, 'putPolicy', { owner: 'role', ...put })
}
