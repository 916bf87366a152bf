import type { Sql } from '../ports/sql.ts'

/**
 * An actor's SQLite in which nothing is made before the first row is inserted: to ask for a name
 * that nobody has ever used leaves nothing behind. Until then a statement finds no rows, not even
 * those of aggregates. `table` is one that tells whether the others are there.
 */
export function withLateTables(sql: Sql, table: string): Sql {
  const waiting: string[] = []
  let isOpen = sql.all('SELECT name FROM sqlite_master WHERE name = ?', table).length > 0

  function open(): void {
    for (const statement of waiting) sql.all(statement)
    isOpen = true
  }

  return {
    all(statement, ...bindings) {
      if (!isOpen && statement.startsWith('CREATE ')) waiting.push(statement)
      if (!isOpen && statement.startsWith('INSERT ')) open()
      return isOpen ? sql.all(statement, ...bindings) : []
    },
    transaction(work) {
      const wasOpen = isOpen
      try {
        return sql.transaction(work)
      } catch (error) {
        // Tables that were made in it are gone with it.
        isOpen = wasOpen
        throw error
      }
    },
  }
}
