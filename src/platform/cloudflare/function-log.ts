import { logFault } from '../../aws/log-fault.ts'
import { GATEWAY_LOG_STREAM, noteMessage, type FunctionLog } from '../../ports/function-log.ts'
import type { LogGroupObject } from './log-group-object.ts'

export function functionLog(groups: DurableObjectNamespace<LogGroupObject>): FunctionLog {
  return {
    note(functionName, requestId, text) {
      const timestampMilliseconds = Date.now()
      const message = noteMessage(timestampMilliseconds, requestId, text)
      groups
        .getByName(`/aws/lambda/${functionName}`)
        .append(GATEWAY_LOG_STREAM, [{ timestampMilliseconds, message }])
        .catch((error: unknown) => logFault('not noted in the log', { functionName }, error))
    },
  }
}
