import type { Caller } from '../aws/caller.ts'
import { ServiceError } from '../aws/service-error.ts'

/** The user that is named or, where none is, the caller himself. */
export function userNameOf(
  { UserName }: { UserName?: string | undefined },
  caller: Caller,
): string {
  const userName = UserName ?? caller.userName
  if (userName === undefined) {
    throw new ServiceError(
      'ValidationException',
      'Must specify userName when calling with non-User credentials',
    )
  }
  return userName
}
