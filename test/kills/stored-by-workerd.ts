import { globSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOf, type StoredThings } from './objects-unaccounted.ts'

/** What a local workerd has in its folder. */
export function storedByWorkerd(folder: string): StoredThings {
  const rows = (files: string, table: string, statement: string) =>
    globSync(join(folder, files)).flatMap((file) => rowsOf(file, table, statement))
  const actors = 'v3/do/*FunctionObject'
  const alarms = rows(`${actors}/metadata.sqlite`, '_cf_ALARM', 'SELECT actor_id FROM _cf_ALARM')
  const woken = new Set(alarms.map(({ actor_id }) => String(actor_id)))
  return {
    actorFiles: globSync(join(folder, `${actors}/*.sqlite`)),
    hasAlarm: (file) => woken.has(file.slice(file.lastIndexOf('/') + 1, -'.sqlite'.length)),
    objectKeys: rows('v3/r2/**/*.sqlite', '_mf_objects', 'SELECT key FROM _mf_objects').map(
      ({ key }) => String(key),
    ),
  }
}
