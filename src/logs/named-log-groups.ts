import type { Settings } from '../aws/settings.ts'
import type { LogGroupPage, LogGroupRecord } from '../ports/log-group-index.ts'
import type { Ports } from '../ports/ports.ts'
import { logGroupNameIn } from './log-group-name.ts'

interface Page {
  limit: number
  /** The last name of the page before. */
  after: string | undefined
}

/** Those of the named groups that are there, in the order of their names. */
export async function namedLogGroups(
  { logIndex, settings }: Pick<Ports, 'logIndex' | 'settings'>,
  identifiers: string[],
  { limit, after = '' }: Page,
): Promise<LogGroupPage> {
  const names = namesIn(settings, identifiers).filter((name) => name > after)
  const asked = names.slice(0, limit)
  const found = await Promise.all(asked.map((name) => findLogGroup(logIndex, name)))
  const records = found.filter((record) => record !== undefined)
  const last = asked.at(-1)
  return names.length > asked.length && last !== undefined ? { records, cursor: last } : { records }
}

/** Each name once. An ARN of another account or region names none here. */
function namesIn(settings: Settings, identifiers: string[]): string[] {
  const names = identifiers.flatMap((identifier) => logGroupNameIn(settings, identifier) ?? [])
  return Array.from(new Set(names)).sort()
}

/** A name comes before all that begin with it. A page may be empty, and still not the last. */
async function findLogGroup(
  logIndex: Ports['logIndex'],
  logGroupName: string,
): Promise<LogGroupRecord | undefined> {
  let cursor: string | undefined
  do {
    const page: LogGroupPage = await logIndex.list(logGroupName, 1, cursor)
    const [first] = page.records
    if (first !== undefined) return first.logGroupName === logGroupName ? first : undefined
    cursor = page.cursor
  } while (cursor !== undefined)
  return undefined
}
