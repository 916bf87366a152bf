import type { ShardStatus } from '../ports/event-sources.ts'
import type { Sql } from '../ports/sql.ts'
import type { ShardPosition, StreamShard } from '../ports/stream-reader.ts'

/** A shard whose pump is to be told its job: where to begin matters only the first time. */
export interface ShardToStart {
  shardId: string
  position: ShardPosition
}

/** The name of the pump of a shard. */
type PumpOf = (shardId: string) => string

/**
 * The shards of one mapping. `waiting` for their parents to be read to their end, `started`, or
 * `ended`. And the pumps that are to be stopped, until they are.
 */
export class MappedShards {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
    sql.all(
      `CREATE TABLE IF NOT EXISTS shards (
         shard_id TEXT PRIMARY KEY, parents TEXT NOT NULL, position TEXT NOT NULL,
         state TEXT NOT NULL, told TEXT NOT NULL, status TEXT NOT NULL) WITHOUT ROWID`,
    )
    sql.all('CREATE TABLE IF NOT EXISTS stopping (pump TEXT PRIMARY KEY) WITHOUT ROWID')
  }

  /** A shard that is known already stays as it is. */
  add({ shardId, parentShardIds }: StreamShard, position: ShardPosition): void {
    this.#sql.all(
      `INSERT OR IGNORE INTO shards (shard_id, parents, position, state, told, status)
       VALUES (?, ?, ?, 'waiting', '', ?)`,
      shardId,
      JSON.stringify(parentShardIds),
      JSON.stringify(position),
      JSON.stringify({ kind: 'pending' } satisfies ShardStatus),
    )
  }

  ids(): string[] {
    return this.#sql.all('SELECT shard_id FROM shards').map((row) => String(row.shard_id))
  }

  /**
   * Shards whose pump does not know this job yet, and whose parents have ended. Nothing of them is
   * still to be stopped: neither a pump of a shard that had the name before nor a parent's.
   */
  toStart(job: string, pumpOf: PumpOf): ShardToStart[] {
    const rows = this.#sql.all('SELECT shard_id, parents, position, state, told FROM shards')
    const unread = new Set(
      rows.filter(({ state }) => state !== 'ended').map(({ shard_id }) => String(shard_id)),
    )
    const stopping = new Set(this.stopping())
    return rows
      .filter(({ state, told }) => told !== job && state !== 'ended')
      .filter(({ shard_id, parents }) => {
        // What is read here was written by `add`.
        const ids = JSON.parse(String(parents)) as string[]
        if (ids.some((id) => unread.has(id))) return false
        return ![String(shard_id), ...ids].some((id) => stopping.has(pumpOf(id)))
      })
      .map(({ shard_id, position }) => ({
        shardId: String(shard_id),
        position: JSON.parse(String(position)) as ShardPosition,
      }))
  }

  /** Its pump has begun, or goes on, with this job. */
  markStarted(shardId: string, job: string): void {
    this.#sql.all(
      `UPDATE shards SET state = 'started', told = ? WHERE shard_id = ? AND state != 'ended'`,
      job,
      shardId,
    )
  }

  /** What is said late of a shard that has ended changes nothing. */
  setStatus(shardId: string, status: ShardStatus): void {
    this.#sql.all(
      `UPDATE shards SET status = ? WHERE shard_id = ? AND state != 'ended'`,
      JSON.stringify(status),
      shardId,
    )
    if (status.kind === 'ended') {
      this.#sql.all(`UPDATE shards SET state = 'ended' WHERE shard_id = ?`, shardId)
    }
  }

  statuses(): { shardId: string; status: ShardStatus }[] {
    return this.#sql.all('SELECT shard_id, status FROM shards').map((row) => ({
      shardId: String(row.shard_id),
      status: JSON.parse(String(row.status)) as ShardStatus,
    }))
  }

  /** Whether it feeds this shard: one that is to be stopped fed another, which had the name before. */
  isFedBy(shardId: string, pump: string): boolean {
    return this.ids().includes(shardId) && !this.stopping().includes(pump)
  }

  /** Lets shards go; their pumps are to be stopped. */
  letGo(shardIds: readonly string[], pumpOf: PumpOf): void {
    this.#sql.transaction(() => {
      for (const shardId of shardIds) {
        const pump = pumpOf(shardId)
        this.#sql.all('INSERT OR IGNORE INTO stopping (pump) VALUES (?)', pump)
        this.#sql.all('DELETE FROM shards WHERE shard_id = ?', shardId)
      }
    })
  }

  stopping(): string[] {
    return this.#sql.all('SELECT pump FROM stopping').map((row) => String(row.pump))
  }

  markStopped(pump: string): void {
    this.#sql.all('DELETE FROM stopping WHERE pump = ?', pump)
  }
}
