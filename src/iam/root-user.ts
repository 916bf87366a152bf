import type { Caller } from '../aws/caller.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import { accessKeyNotFound } from './directory/access-keys.ts'
import { isoSeconds } from './wire-shapes.ts'

// The root is no user of the directory: it is configured, and has its one key from there.

/** Clients want a date, and nobody knows since when there is a root. */
const CreateDate = isoSeconds(0)

/** Whether the caller asks for himself and is the root. */
export function isRootItself(
  { UserName }: { UserName?: string | undefined },
  { kind }: Caller,
): boolean {
  return kind === 'root' && UserName === undefined
}

/** Without UserName and Path, which Amazon's root does not have either. */
export function rootShape({ userId, arn }: Caller) {
  return { UserId: userId, Arn: arn, CreateDate }
}

/** Its id is no secret: it stands in each request that the root signs. */
export function rootKeyShape({ rootAccessKeyId }: Settings) {
  return { AccessKeyId: rootAccessKeyId, Status: 'Active', CreateDate }
}

/** Throws for every key: the root's own is not to be changed here, and it has no other. */
export function refuseRootKey({ rootAccessKeyId }: Settings, accessKeyId: string): never {
  if (accessKeyId !== rootAccessKeyId) throw accessKeyNotFound(accessKeyId)
  throw new ServiceError(
    'ValidationException',
    'The access key of the root is set by ROOT_ACCESS_KEY_ID and ROOT_SECRET_ACCESS_KEY',
  )
}
