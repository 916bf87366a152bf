import type { z } from 'zod'
import type { Caller } from '../aws/caller.ts'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import { isRootItself, rootShape } from './root-user.ts'
import type { OptionalUserRequest } from './shapes.ts'
import { userNameOf } from './user-name.ts'
import { userShape } from './wire-shapes.ts'

export async function getUser(
  ports: IamPorts,
  input: z.infer<typeof OptionalUserRequest>,
  caller: Caller,
): Promise<Result> {
  if (isRootItself(input, caller)) return { User: rootShape(caller) }
  const userName = userNameOf(input, caller)
  return { User: userShape(ports.settings, await ask(ports, 'getUser', { userName })) }
}
