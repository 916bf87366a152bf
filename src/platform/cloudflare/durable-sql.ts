import type { Alarm } from '../../ports/alarm.ts'
import type { Sql } from '../../ports/sql.ts'

/** The SQLite of a Durable Object. No bindings here are blobs, so no value is either. */
export function durableSql(storage: DurableObjectStorage): Sql {
  return {
    all(statement, ...bindings) {
      return storage.sql
        .exec<Record<string, string | number | null>>(statement, ...bindings)
        .toArray()
    },
    transaction: (work) => storage.transactionSync(work),
  }
}

export function durableAlarm(storage: DurableObjectStorage): Alarm {
  return {
    set(atMilliseconds) {
      // The output gate holds back every answer until the alarm is stored.
      void storage.setAlarm(atMilliseconds)
    },
    clear() {
      void storage.deleteAlarm()
    },
  }
}

/** How long what can wait does so, to be stored with what comes meanwhile: a commit is dear. */
const TOGETHER_MILLISECONDS = 10

export function pauseBeforeWrite(): Promise<void> {
  return scheduler.wait(TOGETHER_MILLISECONDS)
}
