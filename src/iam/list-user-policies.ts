import type { z } from 'zod'
import { ask } from './ask.ts'
import { pageEnd, pageRequest } from './page.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { ListUserPoliciesRequest } from './shapes.ts'

export async function listUserPolicies(
  ports: IamPorts,
  { UserName, ...paged }: z.infer<typeof ListUserPoliciesRequest>,
): Promise<Result> {
  const list = `ListUserPolicies ${UserName}`
  const asked = pageRequest(ports, list, paged)
  const page = await ask(ports, 'listPolicies', { owner: 'user', ownerName: UserName, ...asked })
  return { PolicyNames: page.items, ...pageEnd(ports, list, page) }
}
