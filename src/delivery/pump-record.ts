import type { PumpJob } from '../ports/pumps.ts'
import type { Sql } from '../ports/sql.ts'
import { withLateTables } from './late-tables.ts'
import type { PumpState } from './pump-state.ts'

/** What a pump's actor keeps: its job and its state, until it is stopped. */
export class PumpRecordStore {
  readonly #sql: Sql
  #savedState = ''

  constructor(sql: Sql) {
    this.#sql = withLateTables(sql, 'pump')
    this.#sql.all(
      `CREATE TABLE IF NOT EXISTS pump (
         one INTEGER PRIMARY KEY CHECK (one = 1), job TEXT NOT NULL, state TEXT NOT NULL)`,
    )
  }

  // What is read here was written by this class: it is as its types say.
  load(): { job: PumpJob; state: PumpState } | undefined {
    const [row] = this.#sql.all('SELECT job, state FROM pump')
    if (row === undefined) return undefined
    this.#savedState = String(row.state)
    return {
      job: JSON.parse(String(row.job)) as PumpJob,
      state: JSON.parse(this.#savedState) as PumpState,
    }
  }

  create(job: PumpJob, state: PumpState): void {
    const text = JSON.stringify(state)
    this.#sql.all('INSERT INTO pump (one, job, state) VALUES (1, ?, ?)', JSON.stringify(job), text)
    this.#savedState = text
  }

  setJob(job: PumpJob): void {
    this.#sql.all('UPDATE pump SET job = ?', JSON.stringify(job))
  }

  /** Only a change is worth a write. */
  save(state: PumpState): void {
    const text = JSON.stringify(state)
    if (text === this.#savedState) return
    this.#sql.all('UPDATE pump SET state = ?', text)
    this.#savedState = text
  }

  /** Leaves nothing: a table is storage, which somebody pays for. */
  delete(): void {
    this.#sql.all('DROP TABLE pump')
  }
}
