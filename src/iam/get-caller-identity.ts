import type { Caller } from '../aws/caller.ts'
import type { IamPorts, Result } from './query-operation.ts'

/** Nobody needs a permission to learn who he is. */
export function getCallerIdentity(_: IamPorts, __: object, caller: Caller): Promise<Result> {
  const { arn, userId, accountId } = caller
  return Promise.resolve({ UserId: userId, Account: accountId, Arn: arn })
}
