import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Sql } from '../../ports/sql.ts'
import { sqliteSql, type SqliteSql } from '../in-process/sqlite-sql.ts'
import { isReading } from './database.ts'
import type { OpenDatabases } from './open-databases.ts'

export interface ActorSql extends Sql {
  /** Whether there is a file: an actor that was only asked has stored nothing. */
  isStored(): boolean
  /** Deletes all that was stored. */
  remove(): void
}

/** An actor that has stored nothing: its tables are in memory. */
interface Unwritten {
  sql: SqliteSql
  /** What made the tables, to be made again in the file. */
  schema: string[]
}

/**
 * One actor's database, in a file that is made with the first row: to ask for a function that
 * nobody has uploaded leaves nothing behind. Between its calls the file may be closed.
 */
export function actorSql(path: string, databases: OpenDatabases): ActorSql {
  let unwritten = existsSync(path) ? undefined : emptyOne()
  /** For each transaction under way, how many statements of the schema were there before it. */
  const transactions: number[] = []

  const current = () => unwritten?.sql ?? databases.get(path)

  /** Transactions that are under way go on in the file. */
  function store({ schema, sql }: Unwritten): void {
    if (existsSync(path)) throw new Error(`${path} was made by another`)
    try {
      const file = databases.get(path)
      const make = (statements: string[]) => {
        for (const statement of statements) file.all(statement)
      }
      let made = 0
      for (const before of transactions) {
        make(schema.slice(made, before))
        made = before
        file.begin()
      }
      make(schema.slice(made))
    } catch (error) {
      databases.close(path)
      rmSync(path, { force: true })
      throw error
    }
    unwritten = undefined
    sql.close()
  }

  return {
    all(statement, ...bindings) {
      if (unwritten !== undefined && !isReading(statement)) {
        if (statement.startsWith('CREATE')) unwritten.schema.push(statement)
        else store(unwritten)
      }
      return current().all(statement, ...bindings)
    },
    transaction(work) {
      const before = unwritten?.schema.length ?? 0
      current().begin()
      transactions.push(before)
      try {
        const result = work()
        current().release()
        return result
      } catch (error) {
        current().rollBack()
        unwritten?.schema.splice(before)
        throw error
      } finally {
        transactions.pop()
      }
    },
    isStored: () => unwritten === undefined,
    remove() {
      // Closing makes a checkpoint and ends the log: none is left to be taken for a later file's.
      databases.close(path)
      rmSync(path, { force: true })
      unwritten?.sql.close()
      unwritten = emptyOne()
    },
  }
}

function emptyOne(): Unwritten {
  return { sql: sqliteSql(new DatabaseSync(':memory:')), schema: [] }
}
