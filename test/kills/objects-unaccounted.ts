import { globSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

type Row = Record<string, unknown>

/**
 * Objects of a local workerd's bucket that neither a function nor an event needs and no actor is
 * going to look for: not condemned, and with no sweep to come, or no alarm to wake the actor for it.
 */
export function objectsUnaccounted(folder: string): string[] {
  const actors = new Map<string, ActorFile>()
  const alarms = alarmsIn(folder)
  for (const file of globSync(join(folder, 'v3/do/*FunctionObject/*.sqlite'))) {
    const id = file.slice(file.lastIndexOf('/') + 1, -'.sqlite'.length)
    const actor = readActor(file, alarms.has(id))
    if (actor !== undefined) actors.set(actor.name, actor)
  }
  const keys = globSync(join(folder, 'v3/r2/**/*.sqlite')).flatMap((file) =>
    rowsOf(file, '_mf_objects', 'SELECT key FROM _mf_objects').map(({ key }) => String(key)),
  )
  return keys.filter((key) => {
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

function readActor(file: string, hasAlarm: boolean): ActorFile | undefined {
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
    hasAlarm,
  }
}

/** The ids of the actors that workerd is going to wake. */
function alarmsIn(folder: string): Set<string> {
  const files = globSync(join(folder, 'v3/do/*FunctionObject/metadata.sqlite'))
  return new Set(
    files.flatMap((file) =>
      rowsOf(file, '_cf_ALARM', 'SELECT actor_id FROM _cf_ALARM').map((row) =>
        String(row.actor_id),
      ),
    ),
  )
}

/** None where there is no such table. */
function rowsOf(file: string, table: string, statement: string): Row[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const isThere = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table)
    return isThere === undefined ? [] : database.prepare(statement).all()
  } finally {
    database.close()
  }
}
