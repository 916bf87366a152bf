import type { Sql } from '../ports/sql.ts'

/**
 * An actor's SQLite in which nothing is made before the first row is inserted: to ask for a name
 * that nobody has ever used leaves nothing behind. Until then a statement finds no rows, not even
 * those of aggregates. `table` is one that tells whether the others are there; once it is dropped
 * all is as in the beginning.
 */
export function withLateTables(sql: Sql, table: string): Sql {
  const schema: string[] = []
  let isOpen = sql.all('SELECT name FROM sqlite_master WHERE name = ?', table).length > 0

  function open(): void {
    for (const statement of schema) sql.all(statement)
    isOpen = true
  }

  return {
    all(statement, ...bindings) {
      if (statement.startsWith('CREATE ')) schema.push(statement)
      if (!isOpen && statement.startsWith('INSERT ')) open()
      const rows = isOpen ? sql.all(statement, ...bindings) : []
      if (statement === `DROP TABLE ${table}`) isOpen = false
      return rows
    },
    transaction(work) {
      const wasOpen = isOpen
      try {
        return sql.transaction(work)
      } catch (error) {
        // Tables that were made in it are gone with it, and those that were dropped are back.
        isOpen = wasOpen
        throw error
      }
    },
  }
}
