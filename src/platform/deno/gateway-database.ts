import { join } from 'node:path'
import type { SqliteSql } from '../in-process/sqlite-sql.ts'
import { openDatabase } from './database.ts'
import type { DiskSync } from './disk-sync.ts'

/**
 * What brings the database from each version of its schema to the next. What was released is never
 * changed: data folders of that version exist.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE functions (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE identities (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE log_groups (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID',
    'CREATE TABLE streams (key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID',
    `CREATE TABLE event_sources (
       uuid TEXT PRIMARY KEY, stream TEXT NOT NULL, function TEXT NOT NULL, record TEXT NOT NULL)
     WITHOUT ROWID`,
    'CREATE INDEX event_sources_of_function ON event_sources (function, stream)',
    'CREATE INDEX event_sources_of_stream ON event_sources (stream, function)',
    `CREATE TABLE alarms (
       kind TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, name))
     WITHOUT ROWID`,
    `CREATE TABLE queue (
       id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, attempts INTEGER NOT NULL,
       due_at INTEGER NOT NULL)`,
    'CREATE INDEX queue_due ON queue (due_at)',
  ],
]

/**
 * `gateway.db` of a data folder, at the newest version of its schema. Throws, in words for the
 * operator, when another process has the folder, or when a newer gateway wrote it.
 */
export function openGatewayDatabase(
  folder: string,
  disk: DiskSync,
  migrations = MIGRATIONS,
): SqliteSql {
  const sql = openOnlyHere(folder, disk)
  try {
    migrate(sql, folder, migrations)
    return sql
  } catch (error) {
    sql.close()
    throw error
  }
}

/** The lock is the operating system's and ends with the process, however that ends. */
function openOnlyHere(folder: string, disk: DiskSync): SqliteSql {
  try {
    return openDatabase(join(folder, 'gateway.db'), disk)
  } catch (error) {
    if (!/locked/.test(String(error))) throw error
    throw new Error(`Another gateway is running on the data folder ${folder}`, { cause: error })
  }
}

function migrate(sql: SqliteSql, folder: string, migrations: readonly (readonly string[])[]): void {
  const [row] = sql.all('PRAGMA user_version')
  const version = Number(row?.user_version)
  if (version > migrations.length) {
    throw new Error(
      `A newer gateway wrote the data folder ${folder}: its schema has version ${version}, and ` +
        `this gateway knows ${migrations.length}`,
    )
  }
  sql.transaction(() => {
    for (const statement of migrations.slice(version).flat()) sql.all(statement)
    sql.all(`PRAGMA user_version = ${migrations.length}`)
  })
}
