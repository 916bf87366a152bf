import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './find-function.ts'

export async function deleteFunction(
  { registry, settings }: Pick<Ports, 'registry' | 'settings'>,
  functionName: string,
): Promise<void> {
  const existed = await registry.delete(functionName)
  if (!existed) throw functionNotFound(settings, functionName)
}
