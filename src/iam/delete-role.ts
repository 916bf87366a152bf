import type { z } from 'zod'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { RoleRequest } from './shapes.ts'

export async function deleteRole(
  ports: IamPorts,
  { RoleName }: z.infer<typeof RoleRequest>,
): Promise<Result> {
  return ask(ports, 'deleteRole', { roleName: RoleName })
}
