import type { SqliteSql } from '../in-process/sqlite-sql.ts'

/** An open one has two files, each once more to sync it; a process may commonly have 1024 open. */
const MAX_OPEN = 200

export interface OpenDatabases {
  /** The database at the path, opened if it is not. */
  get(path: string): SqliteSql
  close(path: string): void
  /** None is opened after this. */
  closeAll(): void
}

/** Keeps the databases open that were used last. */
export function openDatabases(
  open: (path: string) => SqliteSql,
  maxOpen = MAX_OPEN,
): OpenDatabases {
  const databases = new Map<string, SqliteSql>()
  let isOver = false

  function close(path: string): void {
    databases.get(path)?.close()
    databases.delete(path)
  }

  return {
    get(path) {
      const known = databases.get(path)
      if (known !== undefined) {
        databases.delete(path)
        databases.set(path, known)
        return known
      }
      if (isOver) throw new Error('The gateway has stopped')
      const [leastUsed] = databases.keys()
      if (databases.size >= maxOpen && leastUsed !== undefined) close(leastUsed)
      const database = open(path)
      databases.set(path, database)
      return database
    },
    close,
    closeAll() {
      isOver = true
      for (const path of databases.keys()) close(path)
    },
  }
}
