import { ServiceError } from '../../aws/service-error.ts'
import type { DirectoryOperations, Page, PolicyOwner } from '../../ports/directory.ts'
import type { Sql } from '../../ports/sql.ts'
import { pageOf } from './page.ts'

type Input<Operation extends keyof DirectoryOperations> = DirectoryOperations[Operation]['input']

/** Of all of one owner's policies together; white space does not count. */
const MAX_CHARACTERS = { user: 2048, role: 10_240 }

/** The policies in users and roles, by owner and name. */
export class InlinePolicies {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS policies (
         owner TEXT NOT NULL, owner_name TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
         PRIMARY KEY (owner, owner_name, name))`,
    )
  }

  put({ owner, ownerName, policyName, document }: Input<'putPolicy'>): void {
    this.#sql.all(
      'INSERT OR REPLACE INTO policies VALUES (?, ?, ?, ?)',
      owner,
      ownerName,
      policyName,
      document,
    )
    const total = this.documents({ owner, ownerName }).join('').replace(/\s/g, '').length
    const limit = MAX_CHARACTERS[owner]
    if (total > limit) {
      throw new ServiceError(
        'LimitExceeded',
        `Maximum policy size of ${limit} bytes exceeded for ${owner} ${ownerName}`,
      )
    }
  }

  get({ owner, ownerName, policyName }: Input<'getPolicy'>): { document: string } {
    const [row] = this.#sql.all(
      'SELECT document FROM policies WHERE owner = ? AND owner_name = ? AND name = ?',
      owner,
      ownerName,
      policyName,
    )
    if (row === undefined) {
      throw new ServiceError(
        'NoSuchEntity',
        `The ${owner} policy with name ${policyName} cannot be found.`,
      )
    }
    return { document: String(row.document) }
  }

  delete(input: Input<'deletePolicy'>): void {
    this.get(input)
    this.#sql.all(
      'DELETE FROM policies WHERE owner = ? AND owner_name = ? AND name = ?',
      input.owner,
      input.ownerName,
      input.policyName,
    )
  }

  list({ owner, ownerName, limit, after = '' }: Input<'listPolicies'>): Page<string> {
    const rows = this.#sql.all(
      `SELECT name FROM policies WHERE owner = ? AND owner_name = ? AND name > ?
       ORDER BY name LIMIT ?`,
      owner,
      ownerName,
      after,
      limit + 1,
    )
    return pageOf(
      rows.map((row) => String(row.name)),
      limit,
      (name) => name,
    )
  }

  documents({ owner, ownerName }: PolicyOwner): string[] {
    return this.#sql
      .all('SELECT document FROM policies WHERE owner = ? AND owner_name = ?', owner, ownerName)
      .map((row) => String(row.document))
  }
}
