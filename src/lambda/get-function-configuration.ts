import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './function-not-found.ts'

export async function getFunctionConfiguration(
  { functions, settings }: Pick<Ports, 'functions' | 'settings'>,
  functionName: string,
): Promise<FunctionConfiguration> {
  const record = await functions.get(functionName)
  if (record === undefined) throw functionNotFound(settings, functionName)
  return record.configuration
}
