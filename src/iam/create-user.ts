import type { z } from 'zod'
import { newIamId } from '../aws/access-key.ts'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { CreateUserRequest } from './shapes.ts'
import { userShape } from './wire-shapes.ts'

export async function createUser(
  ports: IamPorts,
  { UserName, Path }: z.infer<typeof CreateUserRequest>,
): Promise<Result> {
  const created = { userName: UserName, path: Path, userId: newIamId('AIDA') }
  return { User: userShape(ports.settings, await ask(ports, 'createUser', created)) }
}
