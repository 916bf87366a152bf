import type { z } from 'zod'
import { ask } from './ask.ts'
import { parseIdentityPolicy } from './policy-document.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { PutUserPolicyRequest } from './shapes.ts'

export async function putUserPolicy(
  ports: IamPorts,
  { UserName, PolicyName, PolicyDocument }: z.infer<typeof PutUserPolicyRequest>,
): Promise<Result> {
  parseIdentityPolicy(PolicyDocument)
  const put = { ownerName: UserName, policyName: PolicyName, document: PolicyDocument }
  return ask(ports, 'putPolicy', { owner: 'user', ...put })
}
