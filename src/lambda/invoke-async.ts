import { invalidRequestContent } from '../aws/service-error.ts'
import { decodeUtf8 } from '../aws/utf8.ts'
import type { Ports } from '../ports/ports.ts'
import { functionNotFound } from './function-not-found.ts'

const MAX_INVOKE_ARGS_BYTES = 1024 * 1024

interface InvokeAsyncRequest {
  functionName: string
  requestId: string
  invokeArgs: Uint8Array
}

/** Answers only when the event is in the queue: after this nothing may be lost. */
export async function invokeAsync(
  ports: Pick<Ports, 'functions' | 'invocations' | 'settings' | 'now'>,
  { functionName, requestId, invokeArgs }: InvokeAsyncRequest,
): Promise<void> {
  const { functions, invocations, settings, now } = ports
  const record = await functions.get(functionName)
  if (record === undefined) throw functionNotFound(settings, functionName)
  const payload = jsonText(invokeArgs)
  await invocations.send({ functionName, requestId, acceptedAtMilliseconds: now(), payload })
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
