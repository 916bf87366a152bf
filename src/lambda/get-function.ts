import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './function-not-found.ts'

interface GetFunctionResponse {
  Configuration: FunctionConfiguration
  Code: { RepositoryType: 'S3'; Location: string }
}

/** `origin` is the one that the client used, so that the URL works wherever the client stands. */
export async function getFunction(
  { functions, codeUrls, settings }: Pick<Ports, 'functions' | 'codeUrls' | 'settings'>,
  functionName: string,
  origin: string,
): Promise<GetFunctionResponse> {
  const record = await functions.get(functionName)
  if (record === undefined) throw functionNotFound(settings, functionName)
  const Location = await codeUrls.presign(record.codeKey, origin)
  return { Configuration: record.configuration, Code: { RepositoryType: 'S3', Location } }
}
