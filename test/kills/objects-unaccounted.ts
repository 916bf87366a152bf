import { DatabaseSync } from 'node:sqlite'

export type Row = Record<string, unknown>

/** What the folder of a gateway that has ended holds of functions' objects. */
export interface StoredThings {
  /** SQLite files of Function actors. */
  actorFiles: string[]
  /** Whether the actor of this file and function is going to be woken. */
  hasAlarm: (file: string, functionName: string) => boolean
  objectKeys: string[]
}

/**
 * Objects that neither a function nor an event needs and no actor is going to look for: not
 * condemned, and with no sweep to come, or no alarm to wake the actor for it.
 */
export function objectsUnaccounted({ actorFiles, hasAlarm, objectKeys }: StoredThings): string[] {
  const actors = new Map<string, ActorFile>()
  for (const file of actorFiles) {
    const actor = readActor(file, hasAlarm)
    if (actor !== undefined) actors.set(actor.name, actor)
  }
  return objectKeys.filter((key) => {
    const actor = actors.get(key.split('/')[1] ?? '')
    if (actor === undefined) return true
    return (
      key !== actor.codeKey && !(actor.hasAlarm && (actor.willSweep || actor.condemned.has(key)))
    )
  })
}

interface ActorFile {
  name: string
  codeKey: string | undefined
  condemned: Set<string>
  willSweep: boolean
  hasAlarm: boolean
}

function readActor(file: string, hasAlarm: StoredThings['hasAlarm']): ActorFile | undefined {
  const [sweep] = rowsOf(file, 'sweep', 'SELECT name, sweep_at FROM sweep')
  if (sweep === undefined) return undefined
  const [current] = rowsOf(file, 'function', 'SELECT record FROM function')
  const text = typeof current?.record === 'string' ? current.record : 'null'
  const record = JSON.parse(text) as { codeKey: string } | null
  const condemned = rowsOf(file, 'condemned', 'SELECT key FROM condemned')
  return {
    name: String(sweep.name),
    codeKey: record?.codeKey,
    condemned: new Set(condemned.map(({ key }) => String(key))),
    willSweep: sweep.sweep_at !== null,
    hasAlarm: hasAlarm(file, String(sweep.name)),
  }
}

/** None where there is no such table. */
export function rowsOf(file: string, table: string, statement: string): Row[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const isThere = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table)
    return isThere === undefined ? [] : database.prepare(statement).all()
  } finally {
    database.close()
  }
}
