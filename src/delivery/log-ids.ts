import type { LogEntry, LogPart } from '../ports/log-groups.ts'

/**
 * Enough for lines of one millisecond, and few enough that ids are exact numbers until the year
 * 2109. A call that prints more runs over into the next millisecond.
 */
const IDS_PER_MILLISECOND = 2048

interface LogLine extends LogEntry {
  logStreamName: string
}

export interface NumberedLine {
  id: number
  logStreamName: string
  message: string
}

// An event's id is its time and a number in it, as CloudWatch's own ids begin with the time. So
// one index, the primary key, serves the order, every time range and every page.

export function firstIdAt(milliseconds: number): number {
  return Math.min(milliseconds * IDS_PER_MILLISECOND, Number.MAX_SAFE_INTEGER)
}

export function timeOfId(id: number): number {
  return Math.floor(id / IDS_PER_MILLISECOND)
}

/**
 * The lines of parts that are written together. Those of a stream stay as they are given: the end of
 * a call may be heard of after the next has begun.
 */
export function inOrderOfTimes(parts: readonly LogPart[]): LogLine[] {
  const latest = new Map<string, number>()
  const lines = parts.flatMap(({ logStreamName, entries }) =>
    entries.map(({ timestampMilliseconds, message }) => {
      const at = Math.max(timestampMilliseconds, latest.get(logStreamName) ?? 0)
      latest.set(logStreamName, at)
      return { logStreamName, timestampMilliseconds: at, message }
    }),
  )
  return lines.sort((a, b) => a.timestampMilliseconds - b.timestampMilliseconds)
}

/**
 * Gives lines that are written together their ids, after `newestId`: in the order given, at their
 * own times where that is possible. What it rules out is a line that appears behind another that was
 * seen already. A call's lines are known at its end, by when quicker calls may have logged; those
 * who follow a log ask for what is newer than the newest they have seen and would never see them.
 * `aws logs tail` asks from that very millisecond (awscli/customizations/logs/tail.py),
 * `serverless logs` from the next one (lib/plugins/aws/logs.js): hence not the same millisecond
 * either. The time at which a line was printed stands in its text all the same.
 *
 * To write START at once instead would not help the other lines, would take a second message per
 * call, and would come before the lines of a cold start, which belong in front of it.
 */
export function withIds(newestId: number | undefined, lines: LogLine[]): NumberedLine[] {
  let previous = newestId === undefined ? -1 : firstIdAt(timeOfId(newestId) + 1) - 1
  return lines.map(({ logStreamName, timestampMilliseconds, message }) => {
    previous = Math.max(firstIdAt(timestampMilliseconds), previous + 1)
    return { id: previous, logStreamName, message }
  })
}
