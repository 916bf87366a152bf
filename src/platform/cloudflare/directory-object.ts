import { DurableObject } from 'cloudflare:workers'
import { DirectoryActor } from '../../iam/directory/directory-actor.ts'
import type {
  DirectoryAnswer,
  DirectoryOperation,
  DirectoryOperations,
} from '../../ports/directory.ts'
import type { Bindings } from './bindings.ts'
import { durableAlarm, durableSql } from './durable-sql.ts'
import { kvIdentityStore } from './kv-identity-store.ts'
import { settingsOf } from './settings-of.ts'

/** The directory of identities: there is one, whose name is `directory`. */
export class DirectoryObject extends DurableObject<Bindings> {
  readonly #actor: DirectoryActor

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#actor = new DirectoryActor({
      sql: durableSql(ctx.storage),
      alarm: durableAlarm(ctx.storage),
      identities: kvIdentityStore(env.FUNCTIONS),
      settings: settingsOf(env),
      now: () => Date.now(),
    })
  }

  /** Of `Directory.ask` an RPC keeps all but the type parameter. */
  ask(
    operation: DirectoryOperation,
    input: DirectoryOperations[DirectoryOperation]['input'],
  ): Promise<DirectoryAnswer<DirectoryOperation>> {
    return this.#actor.ask(operation, input)
  }

  override alarm() {
    return this.#actor.wake()
  }
}
