import { ServiceError } from '../../aws/service-error.ts'
import type { DirectoryOperations, User } from '../../ports/directory.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import { pageOf } from './page.ts'

type Input<Operation extends keyof DirectoryOperations> = DirectoryOperations[Operation]['input']

const MAX_USERS = 5000

/** Users by their names, which differ in more than capitals. */
export class Users {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS users (
         name TEXT PRIMARY KEY COLLATE NOCASE, path TEXT NOT NULL, id TEXT NOT NULL,
         created_at INTEGER NOT NULL)`,
    )
    sql.all('CREATE INDEX IF NOT EXISTS users_by_id ON users (id)')
  }

  create({ userName, path, userId }: Input<'createUser'>, createdMilliseconds: number): User {
    if (this.#find(userName) !== undefined) {
      throw new ServiceError('EntityAlreadyExists', `User with name ${userName} already exists.`)
    }
    const [count] = this.#sql.all('SELECT COUNT(*) AS users FROM users')
    if (Number(count?.users) >= MAX_USERS) {
      throw new ServiceError('LimitExceeded', `Cannot exceed quota for Users: ${MAX_USERS}`)
    }
    this.#sql.all(
      'INSERT INTO users VALUES (?, ?, ?, ?)',
      userName,
      path,
      userId,
      createdMilliseconds,
    )
    return { userName, path, userId, createdMilliseconds }
  }

  find(userName: string): User | undefined {
    const user = this.#find(userName)
    // Names are unique whatever their capitals, but they are named as they are written.
    return user?.userName === userName ? user : undefined
  }

  findById(userId: string): User | undefined {
    const [row] = this.#sql.all('SELECT * FROM users WHERE id = ?', userId)
    return row && toUser(row)
  }

  /** Throws NoSuchEntity. */
  get(userName: string): User {
    const user = this.find(userName)
    if (user === undefined) {
      throw new ServiceError('NoSuchEntity', `The user with name ${userName} cannot be found.`)
    }
    return user
  }

  list({ pathPrefix, limit, after = '' }: Input<'listUsers'>) {
    const rows = this.#sql.all(
      `SELECT * FROM users WHERE name > ? AND substr(path, 1, length(?)) = ?
       ORDER BY name LIMIT ?`,
      after,
      pathPrefix,
      pathPrefix,
      limit + 1,
    )
    return pageOf(rows.map(toUser), limit, (user) => user.userName)
  }

  delete(userName: string): void {
    this.#sql.all('DELETE FROM users WHERE name = ?', userName)
  }

  #find(userName: string): User | undefined {
    const [row] = this.#sql.all('SELECT * FROM users WHERE name = ?', userName)
    return row === undefined ? undefined : toUser(row)
  }
}

function toUser(row: Record<string, SqlValue>): User {
  return {
    userName: String(row.name),
    path: String(row.path),
    userId: String(row.id),
    createdMilliseconds: Number(row.created_at),
  }
}
