import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { findFunction } from './find-function.ts'

export async function getFunctionConfiguration(
  ports: Pick<Ports, 'functions' | 'registry' | 'settings'>,
  functionName: string,
): Promise<FunctionConfiguration> {
  const record = await findFunction(ports, functionName)
  return record.configuration
}
