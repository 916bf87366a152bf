import { logFault } from '../aws/log-fault.ts'
import { GATEWAY_LOG_STREAM, type FunctionLog } from '../ports/function-log.ts'
import type { LogPart } from '../ports/log-groups.ts'

/**
 * The gateway's own lines, each `ISO TIME\tREQUEST ID\tTEXT` as those of a call are. What `append`
 * throws, at once or later, is logged: an event's fate must not hang on a line.
 */
export function gatewayNotes(
  now: () => number,
  append: (logGroupName: string, part: LogPart) => unknown,
): FunctionLog {
  async function write(functionName: string, requestId: string, text: string): Promise<void> {
    const timestampMilliseconds = now()
    const message = `${new Date(timestampMilliseconds).toISOString()}\t${requestId}\t${text}\n`
    try {
      await append(`/aws/lambda/${functionName}`, {
        logStreamName: GATEWAY_LOG_STREAM,
        entries: [{ timestampMilliseconds, message }],
      })
    } catch (error) {
      logFault('not noted in the log', { functionName, requestId }, error)
    }
  }

  return {
    note: (functionName, requestId, text) => void write(functionName, requestId, text),
  }
}
