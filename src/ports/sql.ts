export type SqlValue = string | number | null

/**
 * One actor's SQLite: synchronous, and seen by nobody else. What a call of the actor wrote is
 * durable before its answer leaves.
 */
export interface Sql {
  /** Runs one statement and gives all its rows. */
  all(statement: string, ...bindings: SqlValue[]): Record<string, SqlValue>[]
  /** All of `work` or nothing. */
  transaction<T>(work: () => T): T
}
