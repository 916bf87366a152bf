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

  /** Seals anew what the previous secret sealed, and tells of each key in the same transaction. */
  async reseal(onResealed: (accessKeyId: string) => void): Promise<void> {
    if (this.#isDone) return
    const fingerprint = await fingerprintOf(this.#secrets.current)
    const [row] = this.#sql.all('SELECT fingerprint FROM sealing')
    if (row?.fingerprint !== fingerprint) {
      for (const key of this.#keys.all()) {
        const sealedFor = { purpose: 'access-key', id: key.accessKeyId } as const
        const secret = await unseal(this.#secrets, sealedFor, key.sealedSecret)
        // Sealed with neither: only the secret that is gone would open it. It stays as it is.
        if (secret === undefined) continue
        const resealed = await seal(this.#secrets, sealedFor, secret)
        this.#sql.transaction(() => {
          this.#keys.reseal(key, resealed)
          onResealed(key.accessKeyId)
        })
      }
      this.#sql.transaction(() => {
        this.#sql.all('DELETE FROM sealing')
        this.#sql.all('INSERT INTO sealing VALUES (?)', fingerprint)
      })
    }
    this.#isDone = true
  }
}
