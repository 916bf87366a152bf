import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteSql, type SqliteSql } from '../in-process/sqlite-sql.ts'
import type { DiskSync, SyncedFile } from './disk-sync.ts'

/**
 * A SQLite file that no other process may open while it is open here. All that is written between
 * two syncs is one transaction, begun with the first of it and committed by `disk`: a commit for
 * each event's steps cost more than the steps. Until then nobody was promised any of it. SQLite
 * itself syncs where its own order needs it: a checkpoint brings the log to the disk first, then the
 * database, and only then begins it anew.
 */
export function openDatabase(path: string, disk: DiskSync): SqliteSql {
  const database = new DatabaseSync(path)
  try {
    // Set before the log is first used, `EXCLUSIVE` also does without a file of shared memory. With
    // it SQLite never closes the file of what savepoints would undo, once that has outgrown 64 KB:
    // three quarters of a log group's writes went there.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;' +
        'PRAGMA temp_store = MEMORY',
    )
  } catch (error) {
    database.close()
    throw error
  }
  const sql = sqliteSql(database)
  const log = writeAheadLog(path)
  let isBegun = false

  function willWrite(): void {
    if (!isBegun) database.exec('BEGIN')
    isBegun = true
    disk.wrote(file)
  }

  /** Throws where SQLite had to undo all of it, on a disk that is full. */
  function commit(): void {
    if (isBegun) database.exec('COMMIT')
    isBegun = false
  }

  const file: SyncedFile = {
    sync() {
      commit()
      return log.sync()
    },
  }
  return {
    ...sql,
    all(statement, ...bindings) {
      if (!isReading(statement)) willWrite()
      return sql.all(statement, ...bindings)
    },
    transaction(work) {
      willWrite()
      return sql.transaction(work)
    },
    begin() {
      willWrite()
      sql.begin()
    },
    close() {
      // The last one to close makes a checkpoint: afterwards there is nothing left to sync.
      commit()
      sql.close()
      log.close()
    },
  }
}

export function isReading(statement: string): boolean {
  return statement.startsWith('SELECT')
}

function writeAheadLog(path: string): SyncedFile & { close(): void } {
  let file: Promise<FileHandle> | undefined
  let named: Promise<void> | undefined
  let isClosed = false
  return {
    async sync() {
      try {
        if (isClosed) return
        file ??= open(`${path}-wal`)
        await (await file).datasync()
        // The log is made anew whenever the database is opened, and has to be found by its name.
        named ??= syncFolder(dirname(path))
        await named
      } catch (error) {
        // Closed meanwhile: there is no log any more, nor anything that only it had.
        if (!isClosed) throw error
      }
    },
    close() {
      isClosed = true
      void file?.then((opened) => opened.close()).catch(() => undefined)
    },
  }
}

/** Names of files are on the disk only when their folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
