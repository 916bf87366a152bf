import { logFault } from '../../aws/log-fault.ts'
import { WrittenTogether } from '../../delivery/written-together.ts'
import type { LogPart } from '../../ports/log-groups.ts'
import type { AppendLog } from './functions/call-logs.ts'

export interface GatheredLogs {
  /** Resolves when the lines are stored, or could not be. */
  append: AppendLog
  /** Resolves when all are. */
  written: () => Promise<void>
}

/** A write of many calls' lines costs little more than that of one. */
const PAUSE_MILLISECONDS = 10

/** Has lines of calls that end soon after each other stored together. `store` does so, all or none. */
export function gatheredLogs(
  store: (logGroupName: string, parts: readonly LogPart[]) => void,
): GatheredLogs {
  const together = new WrittenTogether(
    (all: { logGroupName: string; part: LogPart }[]) => {
      const groups = Map.groupBy(all, ({ logGroupName }) => logGroupName)
      for (const [logGroupName, some] of groups) storeParts(logGroupName, some)
    },
    () => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS)),
  )

  function storeParts(logGroupName: string, some: { part: LogPart }[]): void {
    try {
      store(
        logGroupName,
        some.map(({ part }) => part),
      )
    } catch (error) {
      logFault('lines not stored', { logGroupName }, error)
    }
  }

  return {
    append: (logGroupName, part) => together.add({ logGroupName, part }),
    written: () => together.written(),
  }
}
