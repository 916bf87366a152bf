import type { z } from 'zod'
import type { Caller } from '../aws/caller.ts'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import { isRootItself, refuseRootKey } from './root-user.ts'
import type { DeleteAccessKeyRequest } from './shapes.ts'
import { userNameOf } from './user-name.ts'

export async function deleteAccessKey(
  ports: IamPorts,
  input: z.infer<typeof DeleteAccessKeyRequest>,
  caller: Caller,
): Promise<Result> {
  if (isRootItself(input, caller)) refuseRootKey(ports.settings, input.AccessKeyId)
  const userName = userNameOf(input, caller)
  return ask(ports, 'deleteAccessKey', { userName, accessKeyId: input.AccessKeyId })
}
