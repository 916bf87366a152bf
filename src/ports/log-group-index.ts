export interface LogGroupRecord {
  logGroupName: string
  createdMilliseconds: number
  retentionDays?: number | undefined
  /** As it was when it was last counted. */
  storedBytes: number
}

export interface LogGroupPage {
  records: LogGroupRecord[]
  /** Opaque; absent on the last page. */
  cursor?: string
}

/**
 * Where log groups are listed. A copy, as the function store is one: elsewhere it may be 60 s old,
 * and only the LogGroup actor calls `put` and `delete`.
 */
export interface LogGroupIndex {
  /** At most `limit` groups, in the order of their names. */
  list(prefix: string, limit: number, cursor?: string): Promise<LogGroupPage>
  /** May reject when the key was written less than a second ago: try again later. */
  put(record: LogGroupRecord): Promise<void>
  delete(logGroupName: string): Promise<void>
}
