import { DatabaseSync } from 'node:sqlite'
import type { Sql, SqlValue } from '../../ports/sql.ts'

export interface MemorySql extends Sql {
  close(): void
}

/** SQLite in memory, as strict as a Durable Object's: no blobs and no large integers come out. */
export function memorySql(): MemorySql {
  const database = new DatabaseSync(':memory:')
  return {
    all(statement, ...bindings) {
      return database
        .prepare(statement)
        .all(...bindings)
        .map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
        )
    },
    transaction(work) {
      database.exec('SAVEPOINT work')
      try {
        const result = work()
        database.exec('RELEASE work')
        return result
      } catch (error) {
        database.exec('ROLLBACK TO work; RELEASE work')
        throw error
      }
    },
    close: () => database.close(),
  }
}

function plain(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  throw new TypeError(`SQLite answered a ${typeof value}`)
}
