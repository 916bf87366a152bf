export interface LogEntry {
  timestampMilliseconds: number
  message: string
}

export interface LogEvent extends LogEntry {
  /** Unique in its group; later events have greater ids. */
  id: number
  logStreamName: string
  ingestionMilliseconds: number
}

export interface LogQuery {
  logStreamNames?: string[] | undefined
  logStreamNamePrefix?: string | undefined
  /** First timestamp that counts. */
  startMilliseconds?: number | undefined
  /** First timestamp that no longer counts. */
  endMilliseconds?: number | undefined
  limit: number
  /** Only events after this one, in the order of the answer. */
  after?: LogPosition | undefined
  /** Newest first: the order turns round, and `after` means older. */
  isReversed?: boolean | undefined
}

/** A place between events, in their order by time, then by id. */
export interface LogPosition {
  timestampMilliseconds: number
  id: number
}

/** Log lines by group, the reading half. A group outlives the function it is named for. */
export interface LogGroups {
  /** Events in order; `undefined` when nothing was ever written to the group. */
  read(logGroupName: string, query: LogQuery): Promise<LogEvent[] | undefined>
}
