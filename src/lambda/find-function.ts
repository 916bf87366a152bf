import { functionArn } from '../aws/arn.ts'
import type { FunctionRecord } from '../aws/function-configuration.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import type { Ports } from '../ports/ports.ts'

interface FindPorts extends Pick<Ports, 'registry' | 'settings'> {
  functions: Pick<Ports['functions'], 'get'>
}

/**
 * The function by its published copy, which is near and may be a minute old. A copy that is not
 * there may be one that has not arrived, so then the function's actor is asked: nobody gets 404
 * for what he just uploaded. Throws ResourceNotFoundException.
 */
export async function findFunction(
  { functions, registry, settings }: FindPorts,
  functionName: string,
): Promise<FunctionRecord> {
  const record = (await functions.get(functionName)) ?? (await registry.get(functionName))
  if (record === undefined) throw functionNotFound(settings, functionName)
  return record
}

export function functionNotFound(settings: Settings, functionName: string): ServiceError {
  const arn = functionArn(settings, functionName)
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`)
}
