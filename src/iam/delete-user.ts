import type { z } from 'zod'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { UserRequest } from './shapes.ts'

export async function deleteUser(
  ports: IamPorts,
  { UserName }: z.infer<typeof UserRequest>,
): Promise<Result> {
  return ask(ports, 'deleteUser', { userName: UserName })
}
