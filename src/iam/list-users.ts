import type { z } from 'zod'
import { ask } from './ask.ts'
import { pageEnd, pageRequest } from './page.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { ListRequest } from './shapes.ts'
import { userShape } from './wire-shapes.ts'

export async function listUsers(
  ports: IamPorts,
  { PathPrefix, ...paged }: z.infer<typeof ListRequest>,
): Promise<Result> {
  const asked = pageRequest(ports, 'ListUsers', paged)
  const page = await ask(ports, 'listUsers', { pathPrefix: PathPrefix, ...asked })
  const Users = page.items.map((user) => userShape(ports.settings, user))
  return { Users, ...pageEnd(ports, 'ListUsers', page) }
}
