import type { z } from 'zod'
import { ask } from './ask.ts'
import { newIdentityPolicy } from './new-policy.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { PutUserPolicyRequest } from './shapes.ts'

export async function putUserPolicy(
  ports: IamPorts,
  { UserName, PolicyName, PolicyDocument }: z.infer<typeof PutUserPolicyRequest>,
): Promise<Result> {
  newIdentityPolicy(PolicyDocument)
  const put = { ownerName: UserName, policyName: PolicyName, document: PolicyDocument }
  return ask(ports, 'putPolicy', { owner: 'user', ...put })
}
