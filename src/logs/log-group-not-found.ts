import { ServiceError } from '../aws/service-error.ts'

export function logGroupNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
}
