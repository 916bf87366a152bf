export interface LogEntry {
  timestampMilliseconds: number
  message: string
}

/** What one call, or the gateway, has for a stream, in its order. */
export interface LogPart {
  logStreamName: string
  entries: LogEntry[]
}

export interface LogEvent extends LogEntry {
  /** Unique in its group; later events have greater ids. */
  id: number
  logStreamName: string
  ingestionMilliseconds: number
}

/** What a message has to contain: texts as they are written, case and all. */
export interface TextPattern {
  allOf: string[]
  noneOf: string[]
  /** At least one of these, if there are any. */
  anyOf: string[]
}

export interface LogQuery {
  /** All streams of the group when absent. */
  streams?: { names: string[] } | { prefix: string } | undefined
  /** First timestamp that counts. */
  startMilliseconds?: number | undefined
  /** First timestamp that no longer counts. */
  endMilliseconds?: number | undefined
  pattern?: TextPattern | undefined
  limit: number
  /** Only events after this id, in the order of the answer. */
  after?: number | undefined
  /** Newest first: the order turns round, and `after` means older. */
  isReversed?: boolean | undefined
}

export type LogReading =
  | { kind: 'noSuchGroup' }
  | { kind: 'noSuchStream' }
  /**
   * At most `limit` events, of 1 MB together. `next` is the `after` of the next page, and absent
   * only at the end: a page may be short, or empty, because the pattern matched little.
   */
  | { kind: 'page'; events: LogEvent[]; next?: number }

export interface LogStream {
  name: string
  createdMilliseconds: number
  firstEventMilliseconds: number
  lastEventMilliseconds: number
  lastIngestionMilliseconds: number
}

export interface LogStreamQuery {
  orderBy: 'name' | 'lastEvent'
  isReversed: boolean
  /** Only for the order of names. */
  prefix?: string | undefined
  limit: number
  /** Where the page before ended. */
  after?: string | undefined
}

export interface LogStreamPage {
  streams: LogStream[]
  /** The `after` of the next page; absent on the last one. */
  next?: string
}

/**
 * Log lines by group, the reading half. The order of events is that of their writing, and no event
 * is older than one that was there before it: who asks again from the newest event that it has
 * seen misses nothing.
 */
export interface LogGroups {
  read(logGroupName: string, query: LogQuery): Promise<LogReading>
  /** `undefined` when there is no such group. */
  streams(logGroupName: string, query: LogStreamQuery): Promise<LogStreamPage | undefined>
}
