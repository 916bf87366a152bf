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
/**
 * What is stored in one go, with turns for all others in between: ten thousand lines, as one call may
 * print, kept everybody waiting for 200 ms.
 */
const LINES_AT_ONCE = 500

/**
 * Has lines of calls that end soon after each other stored together. `store` does so, all or none of
 * what it is given at a time; those of a stream come in the order in which they were appended.
 */
export function gatheredLogs(
  store: (logGroupName: string, parts: readonly LogPart[]) => void,
): GatheredLogs {
  let storing = Promise.resolve()
  const together = new WrittenTogether(
    (all: { logGroupName: string; part: LogPart }[]) => {
      storing = storing.then(() => storeInTurns(all))
    },
    () => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS)),
  )

  /** Cannot reject. */
  async function storeInTurns(all: { logGroupName: string; part: LogPart }[]): Promise<void> {
    let isFirst = true
    for (const [logGroupName, some] of Map.groupBy(all, (one) => one.logGroupName)) {
      for (const parts of inPieces(some.map(({ part }) => part))) {
        if (!isFirst) await new Promise((resolve) => setImmediate(resolve))
        isFirst = false
        storeParts(logGroupName, parts)
      }
    }
  }

  function storeParts(logGroupName: string, parts: readonly LogPart[]): void {
    try {
      store(logGroupName, parts)
    } catch (error) {
      logFault('lines not stored', { logGroupName }, error)
    }
  }

  return {
    async append(logGroupName, part) {
      await together.add({ logGroupName, part })
      await storing
    },
    async written() {
      await together.written()
      await storing
    },
  }
}

/** The same lines in the same order, so many at a time. */
function* inPieces(parts: readonly LogPart[]): Generator<LogPart[]> {
  let piece: LogPart[] = []
  let room = LINES_AT_ONCE
  for (const { logStreamName, entries } of parts) {
    for (let from = 0; from < entries.length;) {
      const some = entries.slice(from, from + room)
      piece.push({ logStreamName, entries: some })
      from += some.length
      room -= some.length
      if (room > 0) continue
      yield piece
      piece = []
      room = LINES_AT_ONCE
    }
  }
  if (piece.length > 0) yield piece
}
