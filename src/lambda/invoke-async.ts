import { invalidRequestContent } from '../aws/service-error.ts'
import { decodeUtf8 } from '../aws/utf8.ts'
import type { Ports } from '../ports/ports.ts'
import { findFunction } from './find-function.ts'

const MAX_INVOKE_ARGS_BYTES = 1024 * 1024

interface InvokeAsyncRequest {
  functionName: string
  requestId: string
  invokeArgs: Uint8Array
}

/** Answers only when the event is in the queue: after this nothing may be lost. */
export async function invokeAsync(
  ports: Pick<Ports, 'knownFunctions' | 'registry' | 'invocations' | 'settings' | 'now'>,
  { functionName, requestId, invokeArgs }: InvokeAsyncRequest,
): Promise<void> {
  await findFunction({ ...ports, functions: ports.knownFunctions }, functionName)
  const payload = jsonText(invokeArgs)
  const acceptedAtMilliseconds = ports.now()
  await ports.invocations.send({ functionName, requestId, acceptedAtMilliseconds, payload })
}

/** The text itself travels, not what JSON.parse makes of it: that would round large numbers. */
function jsonText(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_INVOKE_ARGS_BYTES) {
    throw invalidRequestContent(
      `Request must be smaller than ${MAX_INVOKE_ARGS_BYTES} bytes for the InvokeAsync operation`,
    )
  }
  try {
    const text = decodeUtf8(bytes)
    JSON.parse(text)
    return text
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw invalidRequestContent(`Could not parse request body into json: ${reason}`)
  }
}
