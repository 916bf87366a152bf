import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { checkRole } from './check-role.ts'
import { functionNotFound } from './find-function.ts'
import { noticeFunction } from './notice-function.ts'
import type { UpdateFunctionConfigurationRequest } from './shapes.ts'

export async function updateFunctionConfiguration(
  ports: Pick<
    Ports,
    'registry' | 'settings' | 'identities' | 'directory' | 'eventSources' | 'eventSourceIndex'
  >,
  { FunctionName, ...changes }: UpdateFunctionConfigurationRequest,
): Promise<FunctionConfiguration> {
  if (changes.Role !== undefined) await checkRole(ports, changes.Role)
  const record = await ports.registry.updateConfiguration(FunctionName, changes)
  if (record === undefined) throw functionNotFound(ports.settings, FunctionName)
  await noticeFunction(ports, FunctionName)
  return record.configuration
}
