import type { z } from 'zod'
import { newIamId } from '../aws/access-key.ts'
import { ask } from './ask.ts'
import { evaluateTrust } from './evaluate.ts'
import { newTrustPolicy } from './new-policy.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { CreateRoleRequest } from './shapes.ts'
import { roleShape } from './wire-shapes.ts'

const LAMBDA = { kind: 'service', service: 'lambda.amazonaws.com' } as const

export async function createRole(
  ports: IamPorts,
  input: z.infer<typeof CreateRoleRequest>,
): Promise<Result> {
  const trust = newTrustPolicy(input.AssumeRolePolicyDocument)
  // What Lambda may take on is known once and for all, so no call of a function has to judge it.
  const context = new Map([['aws:sourceaccount', ports.settings.accountId]])
  const isForLambda = evaluateTrust(trust, LAMBDA, context).verdict === 'allow'
  const role = await ask(ports, 'createRole', {
    roleName: input.RoleName,
    path: input.Path,
    roleId: newIamId('AROA'),
    description: input.Description,
    maxSessionSeconds: input.MaxSessionDuration,
    trustPolicy: input.AssumeRolePolicyDocument,
    isForLambda,
  })
  return { Role: roleShape(ports.settings, role) }
}
