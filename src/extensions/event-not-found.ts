import { ServiceError } from '../aws/service-error.ts'

export function eventNotFound(what: string, functionName: string, requestId: string): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `${what} ${requestId} of function ${functionName} is not known`,
  )
}
