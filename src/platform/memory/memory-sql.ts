import { DatabaseSync } from 'node:sqlite'
import { sqliteSql, type SqliteSql } from '../in-process/sqlite-sql.ts'

export function memorySql(): SqliteSql {
  return sqliteSql(new DatabaseSync(':memory:'))
}
