import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import type { Ports } from '../ports/ports.ts'
import { findFunction } from './find-function.ts'

interface GetFunctionResponse {
  Configuration: FunctionConfiguration
  Code: { RepositoryType: 'S3'; Location: string }
}

/** `origin` is the one that the client used, so that the URL works wherever the client stands. */
export async function getFunction(
  ports: Pick<Ports, 'functions' | 'registry' | 'codeUrls' | 'settings'>,
  functionName: string,
  origin: string,
): Promise<GetFunctionResponse> {
  const record = await findFunction(ports, functionName)
  const Location = await ports.codeUrls.presign(record.codeKey, origin)
  return { Configuration: record.configuration, Code: { RepositoryType: 'S3', Location } }
}
