import { DurableObject } from 'cloudflare:workers'
import { LogLines } from '../../delivery/log-lines.ts'
import type { LogQuery } from '../../ports/log-groups.ts'
import { NO_OUTPUT, callLines, type CallOutput, type CallReport } from '../../runtime/call-log.ts'
import { CallRendezvous } from '../../runtime/call-rendezvous.ts'
import type { Bindings } from './bindings.ts'
import { durableSql } from './durable-sql.ts'

/** How long a call's report waits for the tail's output before it is written without. */
const PATIENCE_MILLISECONDS = 10_000

/** The LogGroup actor: the one writer of its group, which is the object's name. */
export class LogGroupObject extends DurableObject<Bindings> {
  readonly #lines: LogLines
  readonly #calls: CallRendezvous

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#lines = new LogLines(durableSql(ctx.storage))
    this.#calls = new CallRendezvous(
      (report, output) => this.#write(report, output),
      () => scheduler.wait(PATIENCE_MILLISECONDS),
    )
  }

  /** Resolves when the call's lines are stored. */
  report(callId: string, report: CallReport) {
    return this.#calls.report(callId, report)
  }

  /** As `report`, of a call that never ran and so has no output to wait for. */
  reportSilent(report: CallReport) {
    this.#write(report, NO_OUTPUT)
  }

  output(callId: string, output: CallOutput) {
    return this.#calls.output(callId, output)
  }

  read(query: LogQuery) {
    return this.#lines.read(query)
  }

  #write(report: CallReport, output: CallOutput): void {
    this.#lines.append(report.logStreamName, callLines(report, output), Date.now())
  }
}
