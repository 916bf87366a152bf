import { ServiceError } from '../../aws/service-error.ts'
import type { DirectoryOperations, Role } from '../../ports/directory.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import { pageOf } from './page.ts'

type Input<Operation extends keyof DirectoryOperations> = DirectoryOperations[Operation]['input']

const MAX_ROLES = 1000

/** Of what a role's trust policy shows, others know: those whom it names. */
export type StoredRole = Omit<Role, 'shownTrustPolicy'>

/** Roles by their names, which differ in more than capitals. */
export class Roles {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS roles (
         name TEXT PRIMARY KEY COLLATE NOCASE, path TEXT NOT NULL, id TEXT NOT NULL,
         created_at INTEGER NOT NULL, description TEXT NOT NULL, max_seconds INTEGER NOT NULL,
         trust_policy TEXT NOT NULL, is_for_lambda INTEGER NOT NULL)`,
    )
    sql.all('CREATE INDEX IF NOT EXISTS roles_by_id ON roles (id)')
  }

  create(input: Input<'createRole'>, createdMilliseconds: number): StoredRole {
    const { roleName } = input
    if (this.#find(roleName) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `Role with name ${roleName} already exists.`)
    }
    const [count] = this.#sql.all('SELECT COUNT(*) AS roles FROM roles')
    if (Number(count?.roles) >= MAX_ROLES) {
      throw new ServiceError('LimitExceeded', `Cannot exceed quota for Roles: ${MAX_ROLES}`)
    }
    this.#sql.all(
      'INSERT INTO roles VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      roleName,
      input.path,
      input.roleId,
      createdMilliseconds,
      input.description,
      input.maxSessionSeconds,
      input.trustPolicy,
      Number(input.isForLambda),
    )
    return { ...input, createdMilliseconds }
  }

  find(roleName: string): StoredRole | undefined {
    const role = this.#find(roleName)
    return role?.roleName === roleName ? role : undefined
  }

  findById(roleId: string): StoredRole | undefined {
    const [row] = this.#sql.all('SELECT * FROM roles WHERE id = ?', roleId)
    return row && toRole(row)
  }

  /** Throws NoSuchEntity. */
  get(roleName: string): StoredRole {
    const role = this.find(roleName)
    if (role === undefined) {
      throw new ServiceError('NoSuchEntity', `The role with name ${roleName} cannot be found.`)
    }
    return role
  }

  list({ pathPrefix, limit, after = '' }: Input<'listRoles'>) {
    const rows = this.#sql.all(
      `SELECT * FROM roles WHERE name > ? AND substr(path, 1, length(?)) = ?
       ORDER BY name LIMIT ?`,
      after,
      pathPrefix,
      pathPrefix,
      limit + 1,
    )
    return pageOf(rows.map(toRole), limit, (role) => role.roleName)
  }

  delete(roleName: string): void {
    this.#sql.all('DELETE FROM roles WHERE name = ?', roleName)
  }

  #find(roleName: string): StoredRole | undefined {
    const [row] = this.#sql.all('SELECT * FROM roles WHERE name = ?', roleName)
    return row === undefined ? undefined : toRole(row)
  }
}

function toRole(row: Record<string, SqlValue>): StoredRole {
  return {
    roleName: String(row.name),
    path: String(row.path),
    roleId: String(row.id),
    createdMilliseconds: Number(row.created_at),
    description: String(row.description),
    maxSessionSeconds: Number(row.max_seconds),
    trustPolicy: String(row.trust_policy),
    isForLambda: row.is_for_lambda === 1,
  }
}
