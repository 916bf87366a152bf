import type { z } from 'zod'
import { ask } from './ask.ts'
import { pageEnd, pageRequest } from './page.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { ListRolePoliciesRequest } from './shapes.ts'

export async function listRolePolicies(
  ports: IamPorts,
  { RoleName, ...paged }: z.infer<typeof ListRolePoliciesRequest>,
): Promise<Result> {
  const list = `ListRolePolicies ${RoleName}`
  const asked = pageRequest(ports, list, paged)
  const page = await ask(ports, 'listPolicies', { owner: 'role', ownerName: RoleName, ...asked })
  return { PolicyNames: page.items, ...pageEnd(ports, list, page) }
}
