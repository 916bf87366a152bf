import { DatabaseSync } from 'node:sqlite'
import { sqliteSql, type SqliteSql } from '../in-process/sqlite-sql.ts'
import { Checkpoints, SETTINGS_OF_CHECKPOINTS } from './checkpoints.ts'
import type { DiskSync, SyncedFile } from './disk-sync.ts'
import { fileOnDisk } from './file-on-disk.ts'

/**
 * A SQLite file that no other process may open while it is open here. All that is written between
 * two syncs is one transaction, begun with the first of it and committed by `disk`: a commit for
 * each event's steps cost more than the steps. Until then nobody was promised any of it.
 */
export function openDatabase(path: string, disk: DiskSync): SqliteSql {
  const database = new DatabaseSync(path)
  try {
    // Set before the log is first used, `EXCLUSIVE` also does without a file of shared memory. With
    // it SQLite never closes the file of what savepoints would undo, once that has outgrown 64 KB:
    // three quarters of a log group's writes went there.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;' +
        'PRAGMA temp_store = MEMORY;' +
        SETTINGS_OF_CHECKPOINTS,
    )
  } catch (error) {
    database.close()
    throw error
  }
  const sql = sqliteSql(database)
  const checkpoints = new Checkpoints(database, path)
  // Made anew whenever the database is opened.
  const log = fileOnDisk(`${path}-wal`)
  let isBegun = false
  let syncsUnderWay = 0

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
    async sync() {
      // From here on: else a copy might begin between the next two lines.
      syncsUnderWay += 1
      await checkpoints.settled()
      commit()
      await log.sync()
      syncsUnderWay -= 1
      if (!isBegun && syncsUnderWay === 0 && database.isOpen) checkpoints.begin()
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
      checkpoints.finish()
      // The last one to close makes a checkpoint: afterwards there is nothing left to sync.
      commit()
      sql.close()
      checkpoints.close()
      log.close()
    },
  }
}

export function isReading(statement: string): boolean {
  return statement.startsWith('SELECT')
}
