import { DurableObject } from 'cloudflare:workers'
import type { ConfigurationChanges, FunctionDraft } from '../../aws/function-configuration.ts'
import { FunctionActor } from '../../delivery/function-actor.ts'
import { gatewayNotes } from '../../delivery/gateway-notes.ts'
import type { Place } from '../../ports/function-capacity.ts'
import type { DeadLetterChoice, EventState } from '../../ports/event-records.ts'
import type { AcceptedEvent } from '../../ports/function-inboxes.ts'
import type { Bindings } from './bindings.ts'
import { durableAlarm, durableSql, pauseBeforeWrite } from './durable-sql.ts'
import { kvFunctionStore } from './kv-function-store.ts'
import { objectRunner } from './object-runner.ts'
import { r2CodeStore } from './r2-code-store.ts'
import { settingsOf } from './settings-of.ts'

/** The Function actor of one function, which is the object's name. */
export class FunctionObject extends DurableObject<Bindings> {
  readonly #actor: FunctionActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    const now = () => Date.now()
    this.#actor = new FunctionActor({
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      functions: kvFunctionStore(env.FUNCTIONS),
      code: r2CodeStore(env.CODE),
      runner: objectRunner(env, ctx),
      log: gatewayNotes(now, (logGroupName, { logStreamName, entries }) =>
        env.LOG_GROUPS.getByName(logGroupName).append(logStreamName, entries),
      ),
      settings: settingsOf(env),
      now,
      newId: () => crypto.randomUUID(),
      pauseBeforeWrite,
    })
  }

  get() {
    return this.#actor.get()
  }

  expectObjects(functionName: string) {
    this.#actor.expectObjects(functionName)
  }

  upload(draft: FunctionDraft, codeKey: string) {
    return this.#actor.upload(draft, codeKey)
  }

  updateConfiguration(changes: ConfigurationChanges) {
    return this.#actor.updateConfiguration(changes)
  }

  delete() {
    return this.#actor.delete()
  }

  accept(events: AcceptedEvent[]) {
    return this.#actor.accept(events)
  }

  acquire(holder: string) {
    return this.#actor.acquire(holder)
  }

  release(place: Place, isBusy: boolean) {
    this.#actor.release(place, isBusy)
  }

  bury(event: AcceptedEvent, reason: string) {
    this.#actor.bury(event, reason)
  }

  event(requestId: string) {
    return this.#actor.history.get(requestId)
  }

  events(state: EventState | undefined, limit: number, cursor?: string) {
    return this.#actor.history.list(state, limit, cursor)
  }

  countEvents() {
    return this.#actor.history.count()
  }

  deadLetters(limit: number, cursor?: string) {
    return this.#actor.letters.list(limit, cursor)
  }

  deadLetter(requestId: string) {
    return this.#actor.letters.get(requestId)
  }

  redrive(choice: DeadLetterChoice) {
    return this.#actor.redrive(choice)
  }

  purge(choice: DeadLetterChoice) {
    return this.#actor.purge(choice)
  }

  override alarm() {
    return this.#actor.wake()
  }
}
