import type { z } from 'zod'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { RolePolicyRequest } from './shapes.ts'

export async function deleteRolePolicy(
  ports: IamPorts,
  { RoleName, PolicyName }: z.infer<typeof RolePolicyRequest>,
): Promise<Result> {
  const asked = { owner: 'role', ownerName: RoleName, policyName: PolicyName } as const
  return ask(ports, 'deletePolicy', asked)
}
