import type { z } from 'zod'
import type { Caller } from '../aws/caller.ts'
import { ask } from './ask.ts'
import { pageEnd, pageRequest } from './page.ts'
import type { IamPorts, Result } from './query-operation.ts'
import { isRootItself, rootKeyShape } from './root-user.ts'
import type { ListAccessKeysRequest } from './shapes.ts'
import { userNameOf } from './user-name.ts'
import { accessKeyShape } from './wire-shapes.ts'

export async function listAccessKeys(
  ports: IamPorts,
  { UserName, ...paged }: z.infer<typeof ListAccessKeysRequest>,
  caller: Caller,
): Promise<Result> {
  if (isRootItself({ UserName }, caller)) {
    return { AccessKeyMetadata: [rootKeyShape(ports.settings)], IsTruncated: false }
  }
  const userName = userNameOf({ UserName }, caller)
  const list = `ListAccessKeys ${userName}`
  const asked = pageRequest(ports, list, paged)
  const page = await ask(ports, 'listAccessKeys', { userName, ...asked })
  const AccessKeyMetadata = page.items.map((key) => accessKeyShape(userName, key))
  return { AccessKeyMetadata, ...pageEnd(ports, list, page) }
}
