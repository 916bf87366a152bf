import { failureOf, textOf } from './answers.ts'
import { isError, now, stringify } from './primordials.ts'
import type { SandboxAnswer, SandboxCall } from './protocol.ts'

/** The `context` of 2014. `settle` takes the first answer and ignores the others. */
export function createContext(call: SandboxCall, settle: (answer: SandboxAnswer) => void) {
  const succeed = (result: unknown): void => settle(successOf(result))
  const fail = (error: unknown): void => settle(failureOf(error))
  // Rest parameters give it the length 0 of the original; all three work without `this`.
  const done = (...[error, result]: unknown[]): void => {
    if (error === undefined || error === null) succeed(result)
    else fail(error)
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

function successOf(result: unknown): SandboxAnswer {
  try {
    return { kind: 'succeeded', result: jsonOf(result) ?? 'null' }
  } catch (error) {
    const reason = textOf(isError(error) ? error.message : error)
    return { kind: 'failed', errorMessage: `Unable to stringify body as json: ${reason}` }
  }
}

/** `undefined`, functions and symbols have no JSON text. */
function jsonOf(value: unknown): string | undefined {
  return stringify(value)
}
