import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import { invalidParameter } from './invalid-parameter.ts'
import type { LogGroupRequest } from './shapes.ts'

/** The index keeps names in keys of at most 512 bytes, `log-group/` included. */
const MAX_NAME_LENGTH = 502

export async function createLogGroup(
  { logRegistry }: Pick<Ports, 'logRegistry'>,
  { logGroupName }: LogGroupRequest,
): Promise<undefined> {
  if (logGroupName.length > MAX_NAME_LENGTH) {
    throw invalidParameter(`This service has log groups of at most ${MAX_NAME_LENGTH} characters`)
  }
  if ((await logRegistry.create(logGroupName)) === 'existed') {
    throw new ServiceError(
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
    )
  }
}
