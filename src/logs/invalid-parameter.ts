import { ServiceError } from '../aws/service-error.ts'

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message)
}
