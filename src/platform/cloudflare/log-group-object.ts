import { DurableObject } from 'cloudflare:workers'
import { LogGroupActor } from '../../delivery/log-group-actor.ts'
import { WrittenTogether } from '../../delivery/written-together.ts'
import type { LogEntry, LogPart, LogQuery, LogStreamQuery } from '../../ports/log-groups.ts'
import { callLines, type CallOutput, type CallReport } from '../../runtime/call-log.ts'
import { CallRendezvous } from '../../runtime/call-rendezvous.ts'
import type { Bindings } from './bindings.ts'
import { durableAlarm, durableSql, pauseBeforeWrite } from './durable-sql.ts'
import { kvLogGroupIndex } from './kv-log-group-index.ts'

/** How long a call's report waits for the tail's output before it is written without. */
const PATIENCE_MILLISECONDS = 10_000
/** The LogGroup actor: the one writer of its group, which is the object's name. */
export class LogGroupObject extends DurableObject<Bindings> {
  readonly #actor: LogGroupActor
  readonly #parts: WrittenTogether<LogPart>
  readonly #calls: CallRendezvous

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#actor = new LogGroupActor({
      logGroupName: ctx.id.name ?? '',
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      index: kvLogGroupIndex(env.FUNCTIONS),
      now: () => Date.now(),
    })
    this.#parts = new WrittenTogether((parts) => this.#actor.append(parts), pauseBeforeWrite)
    this.#calls = new CallRendezvous(
      (report, output) => this.write(report, output),
      (end) => {
        const timer = setTimeout(end, PATIENCE_MILLISECONDS)
        return () => clearTimeout(timer)
      },
    )
  }

  /** Resolves when the call's lines are stored. */
  report(callId: string, report: CallReport) {
    return this.#calls.report(callId, report)
  }

  /** As `report`, with all that the call printed. */
  write(report: CallReport, output: CallOutput) {
    const entries = callLines(report, output)
    return this.#parts.add({ logStreamName: report.logStreamName, entries })
  }

  append(logStreamName: string, entries: LogEntry[]) {
    this.#actor.append([{ logStreamName, entries }])
  }

  output(callId: string, output: CallOutput) {
    return this.#calls.output(callId, output)
  }

  read(query: LogQuery) {
    return this.#actor.read(query)
  }

  streams(query: LogStreamQuery) {
    return this.#actor.streams(query)
  }

  create() {
    return this.#actor.create()
  }

  delete() {
    return this.#actor.delete()
  }

  setRetention(retentionDays: number | undefined) {
    return this.#actor.setRetention(retentionDays)
  }

  override alarm() {
    return this.#actor.wake()
  }
}
