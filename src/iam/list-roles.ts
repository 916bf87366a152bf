import type { z } from 'zod'
import { ask } from './ask.ts'
import { pageEnd, pageRequest } from './page.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { ListRequest } from './shapes.ts'
import { roleShape } from './wire-shapes.ts'

export async function listRoles(
  ports: IamPorts,
  { PathPrefix, ...paged }: z.infer<typeof ListRequest>,
): Promise<Result> {
  const asked = pageRequest(ports, 'ListRoles', paged)
  const page = await ask(ports, 'listRoles', { pathPrefix: PathPrefix, ...asked })
  const Roles = page.items.map((role) => roleShape(ports.settings, role))
  return { Roles, ...pageEnd(ports, 'ListRoles', page) }
}
