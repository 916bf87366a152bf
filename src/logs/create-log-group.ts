import { logGroupArn } from '../aws/arn.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Ports } from '../ports/ports.ts'
import { invalidParameter } from './invalid-parameter.ts'
import type { CreateLogGroupRequest } from './shapes.ts'

/** The index keeps names in keys of at most 512 bytes, `log-group/` included. */
const MAX_NAME_LENGTH = 502

export async function createLogGroup(
  { logRegistry, settings }: Pick<Ports, 'logRegistry' | 'settings'>,
  { logGroupName, kmsKeyId, logGroupClass }: CreateLogGroupRequest,
): Promise<undefined> {
  if (kmsKeyId !== undefined) {
    // There are none. Whoever asks for encryption under a key of his may not go without unawares.
    const arn = logGroupArn(settings, logGroupName)
    throw new ServiceError(
      'AccessDeniedException',
      `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`,
    )
  }
  if (logGroupClass !== 'STANDARD') {
    throw invalidParameter('This service has log groups of the class STANDARD only.')
  }
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
