import { WorkerEntrypoint } from 'cloudflare:workers'
import type { CallOutput } from '../../runtime/call-log.ts'
import type { Bindings } from './bindings.ts'
import { isInstanceEnd } from './instance-end.ts'
import type { LogTailProps } from './loopback.ts'

/** Receives what a function's instance printed, call by call, after each call. */
export class LogTail extends WorkerEntrypoint<Bindings, LogTailProps> {
  override async tail(events: TraceItem[]): Promise<void> {
    const logGroup = this.env.LOG_GROUPS.getByName(this.ctx.props.logGroupName)
    await Promise.all(
      events.map(async (trace) => {
        const callId = callIdOf(trace)
        if (callId !== undefined) await logGroup.output(callId, outputOf(trace))
      }),
    )
  }
}

/**
 * The inner request's URL is all that ties a tail event to its call: `…/REQUEST_ID/ATTEMPT/MARK`. Tail
 * events have `REDACTED` in place of what looks like an id, unless asked for the rest.
 */
function callIdOf({ event }: TraceItem): string | undefined {
  if (event === null || !('request' in event) || event.request.method !== 'POST') return undefined
  return new URL(event.request.getUnredacted().url).pathname.slice(1)
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
