import { functionArn } from '../aws/arn.ts'
import type { FunctionConfiguration } from '../aws/function-configuration.ts'
import { ServiceError, invalidParameterValue } from '../aws/service-error.ts'
import type { SignedPayload } from '../ports/front.ts'
import type { Ports } from '../ports/ports.ts'
import { checkRole } from './check-role.ts'
import { noticeFunction } from './notice-function.ts'
import type { UploadFunctionRequest } from './shapes.ts'

const MAX_ZIP_BYTES = 52_428_800

type UploadPorts = Pick<
  Ports,
  | 'code'
  | 'packages'
  | 'registry'
  | 'settings'
  | 'identities'
  | 'directory'
  | 'newId'
  | 'eventSources'
  | 'eventSourceIndex'
>

/**
 * Stores the zip under a fresh key, then judges the signature (it covers the zip, so no earlier)
 * and the package, and only then switches the function over. On any refusal the new object goes
 * and the function stays as it was. The function's actor knows of the upload before it begins: what
 * is left when nobody could clear up, it finds.
 */
export async function uploadFunction(
  ports: UploadPorts,
  input: UploadFunctionRequest,
  zip: SignedPayload,
): Promise<FunctionConfiguration> {
  const { code, packages, registry, settings, newId } = ports
  const CodeSize = checkedSize(zip.size)
  const codeKey = `code/${input.FunctionName}/${newId()}.zip`
  await checkRole(ports, input.Role)
  await registry.expectObjects(input.FunctionName)
  try {
    const { sha256 } = await code.put(codeKey, zip.stream, CodeSize)
    zip.verify(sha256)
    await packages.verify(codeKey, input.Handler)
  } catch (error) {
    await code.delete(codeKey).catch(() => undefined)
    throw error
  }
  const FunctionARN = functionArn(settings, input.FunctionName)
  const record = await registry.upload({ ...input, FunctionARN, CodeSize }, codeKey)
  await noticeFunction(ports, input.FunctionName)
  return record.configuration
}

function checkedSize(size: number | undefined): number {
  if (size === undefined) {
    throw new ServiceError(
      'MissingContentLengthException',
      'UploadFunction needs a Content-Length header with the size of the zip',
    )
  }
  if (size > MAX_ZIP_BYTES) {
    throw invalidParameterValue(`Zipped size must be smaller than ${MAX_ZIP_BYTES} bytes`)
  }
  return size
}
