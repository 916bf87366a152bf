import { failureOf, textOf } from './answers.ts'
import { printLine } from './console-lines.ts'
import { isError, now, stringify } from './primordials.ts'
import { MAX_TEXT_LENGTH, type SandboxAnswer, type SandboxCall } from './protocol.ts'

/** The `context` of 2014. `settle` takes the first answer and ignores the others. */
export function createContext(call: SandboxCall, settle: (answer: SandboxAnswer) => void) {
  const succeed = (result: unknown): void => settle(successOf(result))
  const fail = (error: unknown): void => settle(failureOf(error))
  // Rest parameters give it the length 0 of the original; all three work without `this`.
  const done = (...[error, result]: unknown[]): void => {
    if (error === undefined || error === null) {
      succeed(result)
      return
    }
    // In the preview `done(error, message)` was all there was; Lambda has logged the message since.
    if (result !== undefined && result !== null) printLine(`Error Message: ${textOf(result)}`)
    fail(error)
  }
  return {
    done,
    succeed,
    fail,
    getRemainingTimeInMillis: () => Math.max(0, call.deadlineMilliseconds - now()),
    awsRequestId: call.requestId,
    invokeid: call.requestId,
    functionName: call.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: call.functionArn,
    memoryLimitInMB: String(call.memorySizeMegabytes),
    logGroupName: call.logGroupName,
    logStreamName: call.logStreamName,
    identity: null,
    clientContext: null,
  }
}

function successOf(value: unknown): SandboxAnswer {
  try {
    const result = jsonOf(value) ?? 'null'
    return result.length > MAX_TEXT_LENGTH ? { kind: 'succeeded' } : { kind: 'succeeded', result }
  } catch (error) {
    const reason = textOf(isError(error) ? error.message : error)
    return failureOf(`Unable to stringify body as json: ${reason}`)
  }
}

/** `undefined`, functions and symbols have no JSON text. */
function jsonOf(value: unknown): string | undefined {
  return stringify(value)
}
