import type { z } from 'zod'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { RoleRequest } from './shapes.ts'
import { roleShape } from './wire-shapes.ts'

export async function getRole(
  ports: IamPorts,
  { RoleName }: z.infer<typeof RoleRequest>,
): Promise<Result> {
  return { Role: roleShape(ports.settings, await ask(ports, 'getRole', { roleName: RoleName })) }
}
