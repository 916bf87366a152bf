import { WorkerEntrypoint } from 'cloudflare:workers'
import type { CallOutput, CallReport } from '../../runtime/call-log.ts'
import { SUCCEEDED_SHORTLY_STATUS, SUCCEEDED_STATUS } from '../../runtime/sandbox/protocol.ts'
import type { Bindings } from './bindings.ts'
import { callIdOf, callOfUrl } from './call-url.ts'
import { isInstanceEnd } from './instance-end.ts'
import type { LogTailProps } from './loopback.ts'

/**
 * Receives what a function's instance printed, call by call, after each call. Of one that went well
 * it knows all that is to be logged; of any other the runner has to tell how it ended.
 */
export class LogTail extends WorkerEntrypoint<Bindings, LogTailProps> {
  override async tail(events: TraceItem[]): Promise<void> {
    await Promise.all(events.map((trace) => this.#take(trace)))
  }

  async #take(trace: TraceItem): Promise<void> {
    const call = callOf(trace)
    if (call === undefined) return
    const { logGroupName, ...instance } = this.ctx.props
    const logGroup = this.env.LOG_GROUPS.getByName(logGroupName)
    if (!call.isSuccess) return logGroup.output(callIdOf(call), outputOf(trace))
    const now = Date.now()
    const report: CallReport = {
      ...instance,
      requestId: call.requestId,
      loadingMark: call.loadingMark,
      startedAtMilliseconds: trace.eventTimestamp ?? now,
      endedAtMilliseconds: now,
      outcome: { kind: 'succeeded' },
    }
    return logGroup.write(report, outputOf(trace))
  }
}

/** Tail events have `REDACTED` in place of what looks like an id, unless asked for the rest. */
function callOf({ event }: TraceItem) {
  if (event === null || !('request' in event) || event.request.method !== 'POST') return undefined
  const status = event.response?.status
  const isSuccess = status === SUCCEEDED_STATUS || status === SUCCEEDED_SHORTLY_STATUS
  return { ...callOfUrl(event.request.getUnredacted().url), isSuccess }
}

function outputOf(trace: TraceItem): CallOutput {
  return {
    lines: trace.logs.map((log) => ({
      timestampMilliseconds: log.timestamp,
      message: textOf(log.message),
    })),
    // How a call ends is the runner's to tell; only what nobody caught is news.
    exceptions: trace.exceptions
      .filter((exception) => !isInstanceEnd(exception.message))
      .map(({ timestamp, name, message, stack }) => ({
        timestampMilliseconds: timestamp,
        message: `${name}: ${message}${stack === undefined ? '' : `\n${stack}`}`,
      })),
    isTruncated: trace.truncated,
  }
}

/** The sandbox prints one string at a time; anything else is printed past it. */
function textOf(message: unknown): string {
  const parts: unknown[] = Array.isArray(message) ? message : [message]
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')
}
