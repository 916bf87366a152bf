import { logFault } from '../../aws/log-fault.ts'
import { fingerprintOf, seal, unseal, type SealingSecrets } from '../../aws/sealed-text.ts'
import type { Sql } from '../../ports/sql.ts'
import type { AccessKeys } from './access-keys.ts'

/** Sees that all secrets are sealed with the current one: a new one begins with a new lifetime. */
export class Resealing {
  readonly #sql: Sql
  readonly #keys: AccessKeys
  readonly #secrets: SealingSecrets
  #isDone = false

  constructor(sql: Sql, keys: AccessKeys, secrets: SealingSecrets) {
    this.#sql = sql
    this.#keys = keys
    this.#secrets = secrets
    sql.all('CREATE TABLE IF NOT EXISTS sealing (fingerprint TEXT PRIMARY KEY)')
  }

  /**
   * Seals anew what the previous secret sealed, and tells of each key in the same transaction. Keys
   * that neither secret opens stay as they are: the one that does may be given at the next start.
   */
  async reseal(onResealed: (accessKeyId: string) => void): Promise<void> {
    if (this.#isDone) return
    const fingerprint = await fingerprintOf(this.#secrets.current)
    const [row] = this.#sql.all('SELECT fingerprint FROM sealing')
    if (row?.fingerprint !== fingerprint) {
      const closed = await this.#resealAll(onResealed)
      if (closed.length > 0) logFault('no secret opens keys', { accessKeyIds: closed }, undefined)
      else this.#remember(fingerprint)
    }
    this.#isDone = true
  }

  /** Answers the ids of those that could not be opened. */
  async #resealAll(onResealed: (accessKeyId: string) => void): Promise<string[]> {
    const closed: string[] = []
    for (const key of this.#keys.all()) {
      const sealedFor = { purpose: 'access-key', id: key.accessKeyId } as const
      const secret = await unseal(this.#secrets, sealedFor, key.sealedSecret)
      if (secret === undefined) {
        closed.push(key.accessKeyId)
        continue
      }
      const resealed = await seal(this.#secrets, sealedFor, secret)
      this.#sql.transaction(() => {
        this.#keys.reseal(key, resealed)
        onResealed(key.accessKeyId)
      })
    }
    return closed
  }

  #remember(fingerprint: string): void {
    this.#sql.transaction(() => {
      this.#sql.all('DELETE FROM sealing')
      this.#sql.all('INSERT INTO sealing VALUES (?)', fingerprint)
    })
  }
}
