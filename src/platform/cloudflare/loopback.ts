import type { FunctionRunner } from '../../ports/function-runner.ts'

/** What binds an entrypoint's properties to it, for a Dynamic Worker to hold. */
type WithProps<Props> = (options: { props: Props }) => Fetcher

/** The properties of a function's log, frozen when its instance is loaded. */
export interface LogTailProps {
  logGroupName: string
  logStreamName: string
  memorySizeMegabytes: number
}

/** This Worker's own entrypoints, called as if they were bindings. */
export interface Loopback {
  default: Fetcher
  Runner: FunctionRunner
  Outbound: WithProps<Record<string, never>>
  LogTail: WithProps<LogTailProps>
}

/** What an entrypoint's context and that of a Durable Object have in common. */
export interface OwnContext {
  exports: unknown
  waitUntil(promise: Promise<unknown>): void
}

/** `ctx.exports` is typed by what the main module exports, which the platform may not import. */
export function loopback(ctx: Pick<OwnContext, 'exports'>): Loopback {
  return ctx.exports as Loopback
}
