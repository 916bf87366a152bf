import type { z } from 'zod'
import { newIamId, newSecretAccessKey } from '../aws/access-key.ts'
import type { Caller } from '../aws/caller.ts'
import { seal } from '../aws/sealed-text.ts'
import { ask } from './ask.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { OptionalUserRequest } from './shapes.ts'
import { userNameOf } from './user-name.ts'
import { accessKeyShape } from './wire-shapes.ts'

/** The one time that the secret is shown: what is kept of it is sealed. */
export async function createAccessKey(
  ports: IamPorts,
  input: z.infer<typeof OptionalUserRequest>,
  caller: Caller,
): Promise<Result> {
  const userName = userNameOf(input, caller)
  const accessKeyId = newIamId('AKIA')
  const SecretAccessKey = newSecretAccessKey()
  const sealedFor = { purpose: 'access-key', id: accessKeyId } as const
  const sealedSecret = await seal(ports.settings.sealing, sealedFor, SecretAccessKey)
  const key = await ask(ports, 'createAccessKey', { userName, accessKeyId, sealedSecret })
  return { AccessKey: { ...accessKeyShape(userName, key), SecretAccessKey } }
}
