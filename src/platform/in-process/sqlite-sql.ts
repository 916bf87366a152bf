import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { BoundedMap } from '../../aws/bounded-map.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'

export interface SqliteSql extends Sql {
  /** Begins a transaction, or one inside the one that is under way. */
  begin(): void
  /** Ends the innermost transaction with what it did. */
  release(): void
  /** Ends the innermost transaction as if it had never been. */
  rollBack(): void
  close(): void
}

/** An actor has a few dozen statements; only those with lists of bindings are ever new. */
const MAX_STATEMENTS = 200

/** A SQLite database, as strict as a Durable Object's: no blobs and no large integers come out. */
export function sqliteSql(database: DatabaseSync): SqliteSql {
  const statements = new BoundedMap<string, StatementSync>(MAX_STATEMENTS)

  function prepared(text: string): StatementSync {
    const known = statements.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    statements.set(text, statement)
    return statement
  }

  const sql: SqliteSql = {
    all: (statement, ...bindings) =>
      prepared(statement)
        .all(...bindings)
        .map(plainRow),
    transaction(work) {
      sql.begin()
      try {
        const result = work()
        sql.release()
        return result
      } catch (error) {
        sql.rollBack()
        throw error
      }
    },
    begin: () => database.exec('SAVEPOINT work'),
    release: () => database.exec('RELEASE work'),
    rollBack: () => database.exec('ROLLBACK TO work; RELEASE work'),
    close: () => database.close(),
  }
  return sql
}

function plainRow(row: Record<string, unknown>): Record<string, SqlValue> {
  if (isPlain(row)) return row
  throw new TypeError(
    `SQLite answered ${Object.values(row)
      .map((value) => typeof value)
      .join()}`,
  )
}

function isPlain(row: Record<string, unknown>): row is Record<string, SqlValue> {
  return Object.values(row).every(
    (value) => value === null || typeof value === 'string' || typeof value === 'number',
  )
}
