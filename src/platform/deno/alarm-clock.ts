import { logFault } from '../../aws/log-fault.ts'
import type { Alarm } from '../../ports/alarm.ts'
import type { Sql } from '../../ports/sql.ts'
import type { ActorKind } from '../in-process/hosted-actors.ts'
import type { DiskSync } from './disk-sync.ts'

interface Entry {
  kind: string
  name: string
  /** When the actor wants to be woken; `Infinity` when it does not. */
  wantedAt: number
  /** What is stored of it: never later than what is wanted. */
  storedAt: number
  isWaking: boolean
}

interface AlarmClockHost {
  sql: Sql
  disk: Pick<DiskSync, 'synced'>
  now: () => number
  /** Cannot reject. */
  wake(kind: string, name: string): Promise<void>
}

const SETTLE_MILLISECONDS = 20
/** After a crash there may be thousands that are overdue, and requests want their turn. */
const WAKING_AT_ONCE = 16
/** A timer takes no more than 24 days. */
const LONGEST_TIMER_MILLISECONDS = 60 * 60 * 1000
const AGAIN_MILLISECONDS = 30_000

/**
 * The alarms of all actors, by one timer for the earliest. They are stored in another database than
 * what the actors wrote, and a power failure may keep the one and not the other: so an earlier alarm
 * is stored at once, and a later one only when all that was written before is on the disk. What
 * is stored may be too early, which costs a look, but never too late.
 */
export class AlarmClock {
  readonly #host: AlarmClockHost
  readonly #entries = new Map<string, Entry>()
  #postponed = new Set<Entry>()
  #settling: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined
  #timerAt = Infinity
  readonly #waking = new Set<Promise<void>>()
  #isRunning = false

  constructor(host: AlarmClockHost) {
    this.#host = host
    for (const { kind, name, at } of host.sql.all('SELECT kind, name, at FROM alarms')) {
      const entry = this.#entryOf(String(kind), String(name))
      entry.wantedAt = Number(at)
      entry.storedAt = Number(at)
    }
  }

  alarmOf(kind: ActorKind, name: string): Alarm {
    return {
      set: (atMilliseconds) => this.#set(this.#entryOf(kind, name), atMilliseconds),
      clear: () => this.#set(this.#entryOf(kind, name), Infinity),
    }
  }

  /** From now on alarms go off; those that are overdue at once. */
  start(): void {
    this.#isRunning = true
    this.#aim()
  }

  /** No alarm goes off after this. Resolves when all are stored as they are wanted. */
  async stop(): Promise<void> {
    this.#isRunning = false
    clearTimeout(this.#timer)
    await Promise.all(this.#waking)
    clearTimeout(this.#settling)
    await this.#settle()
  }

  #entryOf(kind: string, name: string): Entry {
    const key = `${kind} ${name}`
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entry = { kind, name, wantedAt: Infinity, storedAt: Infinity, isWaking: false }
    this.#entries.set(key, entry)
    return entry
  }

  #set(entry: Entry, atMilliseconds: number): void {
    entry.wantedAt = atMilliseconds
    if (atMilliseconds < entry.storedAt) this.#store(entry, atMilliseconds)
    else if (atMilliseconds > entry.storedAt) this.#postpone(entry)
    if (atMilliseconds < this.#timerAt) this.#aimAt(atMilliseconds)
  }

  #store(entry: Entry, at: number): void {
    const { kind, name } = entry
    if (at === Infinity) {
      this.#host.sql.all('DELETE FROM alarms WHERE kind = ? AND name = ?', kind, name)
    } else {
      this.#host.sql.all(
        `INSERT INTO alarms VALUES (?, ?, ?)
         ON CONFLICT (kind, name) DO UPDATE SET at = excluded.at`,
        kind,
        name,
        Math.floor(at),
      )
    }
    entry.storedAt = at
  }

  #postpone(entry: Entry): void {
    this.#postponed.add(entry)
    this.#settling ??= setTimeout(() => void this.#settle(), SETTLE_MILLISECONDS)
  }

  /** Cannot reject. */
  async #settle(): Promise<void> {
    this.#settling = undefined
    const postponed = Array.from(this.#postponed, (entry) => ({ entry, at: entry.wantedAt }))
    this.#postponed.clear()
    try {
      await this.#host.disk.synced()
      this.#host.sql.transaction(() => {
        // One that was set meanwhile may be for what is not on the disk yet.
        for (const { entry, at } of postponed) {
          const safeAt = Math.min(at, entry.wantedAt)
          if (safeAt !== entry.storedAt) this.#store(entry, safeAt)
        }
      })
    } catch (error) {
      logFault('alarms not stored', {}, error)
    }
    for (const { entry } of postponed) this.#forget(entry)
  }

  #forget(entry: Entry): void {
    const isWanted = entry.wantedAt !== Infinity || entry.storedAt !== Infinity
    if (!isWanted && !entry.isWaking) this.#entries.delete(`${entry.kind} ${entry.name}`)
  }

  /** The one that is to be woken next. */
  #earliest(): Entry | undefined {
    let earliest: Entry | undefined
    for (const entry of this.#entries.values()) {
      if (entry.isWaking || entry.wantedAt === Infinity) continue
      if (earliest === undefined || entry.wantedAt < earliest.wantedAt) earliest = entry
    }
    return earliest
  }

  /** Sets the timer for the earliest. */
  #aim(): void {
    this.#aimAt(this.#earliest()?.wantedAt ?? Infinity)
  }

  #aimAt(atMilliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timerAt = atMilliseconds
    if (!this.#isRunning || atMilliseconds === Infinity) return
    const delay = Math.max(atMilliseconds - this.#host.now(), 0)
    this.#timer = setTimeout(() => this.#fire(), Math.min(delay, LONGEST_TIMER_MILLISECONDS))
  }

  /** In the order of their times: in any other, those who come again at once keep the rest out. */
  #fire(): void {
    const now = this.#host.now()
    while (this.#waking.size < WAKING_AT_ONCE) {
      const next = this.#earliest()
      if (next === undefined || next.wantedAt > now) {
        this.#aimAt(next?.wantedAt ?? Infinity)
        return
      }
      this.#begin(next)
    }
    // With all hands full, the next to end looks for more.
    this.#timerAt = -Infinity
  }

  #begin(entry: Entry): void {
    const waking = this.#wake(entry).finally(() => {
      this.#waking.delete(waking)
      this.#aim()
    })
    this.#waking.add(waking)
  }

  /** What is stored stays until the actor has done its work. Cannot reject. */
  async #wake(entry: Entry): Promise<void> {
    entry.isWaking = true
    entry.wantedAt = Infinity
    try {
      await this.#host.wake(entry.kind, entry.name)
    } catch (error) {
      logFault('actor not woken', { kind: entry.kind, name: entry.name }, error)
      this.#set(entry, Math.min(entry.wantedAt, this.#host.now() + AGAIN_MILLISECONDS))
    }
    entry.isWaking = false
    if (entry.wantedAt !== entry.storedAt) this.#postpone(entry)
  }
}
