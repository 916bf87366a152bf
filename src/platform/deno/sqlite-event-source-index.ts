import { EventSourceConfiguration } from '../../aws/event-source-configuration.ts'
import type { EventSourceIndex } from '../../ports/event-source-index.ts'
import type { Sql, SqlValue } from '../../ports/sql.ts'
import type { DiskSync } from './disk-sync.ts'

/** As a table of records, which can be asked for a stream or a function besides. */
export function sqliteEventSourceIndex(sql: Sql, disk: DiskSync): EventSourceIndex {
  const read = (text: unknown) => EventSourceConfiguration.parse(JSON.parse(String(text)))
  // An async function rejects where SQLite throws.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    async get(UUID) {
      const [row] = sql.all('SELECT record FROM event_sources WHERE uuid = ?', UUID)
      return row === undefined ? undefined : read(row.record)
    },
    async list({ EventSource, FunctionName }, limit, cursor = '') {
      const wanted: [column: string, value: string | undefined][] = [
        ['stream', EventSource],
        ['function', FunctionName],
      ]
      const filters = wanted.filter((one): one is [string, string] => one[1] !== undefined)
      const bindings: SqlValue[] = [...filters.map(([, value]) => value), cursor, limit + 1]
      const rows = sql.all(
        `SELECT record FROM event_sources
         WHERE ${filters.map(([column]) => `${column} = ? AND `).join('')} uuid > ?
         ORDER BY uuid LIMIT ?`,
        ...bindings,
      )
      const configurations = rows.slice(0, limit).map((row) => read(row.record))
      const last = configurations.at(-1)
      return rows.length > limit && last !== undefined
        ? { configurations, cursor: last.UUID }
        : { configurations }
    },
    async put(configuration) {
      const { UUID, EventSource, FunctionName } = configuration
      await disk.synced()
      sql.all(
        `INSERT INTO event_sources VALUES (?, ?, ?, ?)
         ON CONFLICT (uuid) DO UPDATE SET record = excluded.record`,
        UUID,
        EventSource,
        FunctionName,
        JSON.stringify(configuration),
      )
      await disk.synced()
    },
    async delete({ UUID }) {
      await disk.synced()
      sql.all('DELETE FROM event_sources WHERE uuid = ?', UUID)
      await disk.synced()
    },
  }
}
