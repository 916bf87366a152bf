import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './find-function.ts'
import { noticeFunction } from './notice-function.ts'

export async function deleteFunction(
  ports: Pick<Ports, 'registry' | 'settings' | 'eventSources' | 'eventSourceIndex'>,
  functionName: string,
): Promise<void> {
  const existed = await ports.registry.delete(functionName)
  if (!existed) throw functionNotFound(ports.settings, functionName)
  await noticeFunction(ports, functionName)
}
