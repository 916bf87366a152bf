import { ServiceError } from '../../aws/service-error.ts'
import type { AccessKey, DirectoryOperations } from '../../ports/directory.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import { pageOf } from './page.ts'

type Input<Operation extends keyof DirectoryOperations> = DirectoryOperations[Operation]['input']

const MAX_KEYS_PER_USER = 2

/** A key as it is kept; its secret is sealed, and only ever leaves for the identity store. */
export interface StoredKey extends AccessKey {
  userName: string
  sealedSecret: string
}

/** Access keys of users. */
export class AccessKeys {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS access_keys (
         id TEXT PRIMARY KEY, user_name TEXT NOT NULL, is_active INTEGER NOT NULL,
         created_at INTEGER NOT NULL, sealed_secret TEXT NOT NULL)`,
    )
  }

  create(input: Input<'createAccessKey'>, createdMilliseconds: number): AccessKey {
    const { userName, accessKeyId, sealedSecret } = input
    if (this.ofUser(userName).length >= MAX_KEYS_PER_USER) {
      throw new ServiceError(
        'LimitExceeded',
        `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS_PER_USER}`,
      )
    }
    this.#sql.all(
      'INSERT INTO access_keys VALUES (?, ?, 1, ?, ?)',
      accessKeyId,
      userName,
      createdMilliseconds,
      sealedSecret,
    )
    return { accessKeyId, isActive: true, createdMilliseconds }
  }

  find(accessKeyId: string): StoredKey | undefined {
    const [row] = this.#sql.all('SELECT * FROM access_keys WHERE id = ?', accessKeyId)
    return row === undefined ? undefined : toKey(row)
  }

  /** All of a user's keys, in the order of their ids. */
  ofUser(userName: string): StoredKey[] {
    return this.#sql
      .all('SELECT * FROM access_keys WHERE user_name = ? ORDER BY id', userName)
      .map(toKey)
  }

  list({ userName, limit, after = '' }: Input<'listAccessKeys'>) {
    const keys = this.ofUser(userName).filter((key) => key.accessKeyId > after)
    const shown = keys.map(({ accessKeyId, isActive, createdMilliseconds }) => {
      return { accessKeyId, isActive, createdMilliseconds }
    })
    return pageOf(shown, limit, (key) => key.accessKeyId)
  }

  setActive(userName: string, accessKeyId: string, isActive: boolean): void {
    this.#get(userName, accessKeyId)
    this.#sql.all(
      'UPDATE access_keys SET is_active = ? WHERE id = ?',
      Number(isActive),
      accessKeyId,
    )
  }

  delete(userName: string, accessKeyId: string): void {
    this.#get(userName, accessKeyId)
    this.#sql.all('DELETE FROM access_keys WHERE id = ?', accessKeyId)
  }

  all(): StoredKey[] {
    return this.#sql.all('SELECT * FROM access_keys').map(toKey)
  }

  /** Puts another seal in the place of one, unless the key has changed meanwhile. */
  reseal({ accessKeyId, sealedSecret }: StoredKey, resealed: string): void {
    this.#sql.all(
      'UPDATE access_keys SET sealed_secret = ? WHERE id = ? AND sealed_secret = ?',
      resealed,
      accessKeyId,
      sealedSecret,
    )
  }

  #get(userName: string, accessKeyId: string): void {
    if (this.find(accessKeyId)?.userName !== userName) {
      throw accessKeyNotFound(accessKeyId)
    }
  }
}

export function accessKeyNotFound(accessKeyId: string): ServiceError {
  return new ServiceError('NoSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`)
}

function toKey(row: Record<string, SqlValue>): StoredKey {
  return {
    accessKeyId: String(row.id),
    userName: String(row.user_name),
    isActive: row.is_active === 1,
    createdMilliseconds: Number(row.created_at),
    sealedSecret: String(row.sealed_secret),
  }
}
