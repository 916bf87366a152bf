import { functionArn } from '../aws/arn.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'

export function functionNotFound(settings: Settings, functionName: string): ServiceError {
  const arn = functionArn(settings, functionName)
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`)
}
