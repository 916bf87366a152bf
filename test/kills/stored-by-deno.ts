import { globSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rowsOf, type StoredThings } from './objects-unaccounted.ts'

/** What the Deno edition has in its folder. */
export function storedByDeno(folder: string): StoredThings {
  const statement = "SELECT name FROM alarms WHERE kind = 'function'"
  const alarms = rowsOf(join(folder, 'gateway.db'), 'alarms', statement)
  const woken = new Set(alarms.map(({ name }) => String(name)))
  const objects = ['code', 'payload', 'drafts'].flatMap((name) =>
    globSync(join(folder, name, '**')),
  )
  return {
    actorFiles: globSync(join(folder, 'actors/function/*.db')),
    hasAlarm: (_file, functionName) => woken.has(functionName),
    objectKeys: objects
      .filter((path) => statSync(path).isFile())
      .map((path) => relative(folder, path)),
  }
}
