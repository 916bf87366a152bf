import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './find-function.ts'
import { noticeFunction } from './notice-function.ts'
import type { UpdateFunctionConfigurationRequest } from './shapes.ts'

export async function updateFunctionConfiguration(
  ports: Pick<Ports, 'registry' | 'settings' | 'eventSources' | 'eventSourceIndex'>,
  { FunctionName, ...changes }: UpdateFunctionConfigurationRequest,
): Promise<FunctionConfiguration> {
  const record = await ports.registry.updateConfiguration(FunctionName, changes)
  if (record === undefined) throw functionNotFound(ports.settings, FunctionName)
  await noticeFunction(ports, FunctionName)
  return record.configuration
}
