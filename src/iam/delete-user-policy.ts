import type { z } from 'zod'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { UserPolicyRequest } from './shapes.ts'

export async function deleteUserPolicy(
  ports: IamPorts,
  { UserName, PolicyName }: z.infer<typeof UserPolicyRequest>,
): Promise<Result> {
  const asked = { owner: 'user', ownerName: UserName, policyName: PolicyName } as const
  return ask(ports, 'deletePolicy', asked)
}
