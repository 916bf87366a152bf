import type { z } from 'zod'
import type { Caller } from '../aws/caller.ts'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import { isRootItself, refuseRootKey } from './root-user.ts'
import type { UpdateAccessKeyRequest } from './shapes.ts'
import { userNameOf } from './user-name.ts'

export async function updateAccessKey(
  ports: IamPorts,
  input: z.infer<typeof UpdateAccessKeyRequest>,
  caller: Caller,
): Promise<Result> {
  if (isRootItself(input, caller)) refuseRootKey(ports.settings, input.AccessKeyId)
  const userName = userNameOf(input, caller)
  const isActive = input.Status === 'Active'
  return ask(ports, 'updateAccessKey', { userName, accessKeyId: input.AccessKeyId, isActive })
}
