import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './find-function.ts'
import type { UpdateFunctionConfigurationRequest } from './shapes.ts'

export async function updateFunctionConfiguration(
  { registry, settings }: Pick<Ports, 'registry' | 'settings'>,
  { FunctionName, ...changes }: UpdateFunctionConfigurationRequest,
): Promise<FunctionConfiguration> {
  const record = await registry.updateConfiguration(FunctionName, changes)
  if (record === undefined) throw functionNotFound(settings, FunctionName)
  return record.configuration
}
