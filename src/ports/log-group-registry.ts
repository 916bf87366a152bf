/** The single writer of what is known of each log group. A group outlives its function. */
export interface LogGroupRegistry {
  /** Makes an empty group; a line written to a group that is not there makes it as well. */
  create(logGroupName: string): Promise<'created' | 'existed'>
  /** Deletes the group with all its lines. */
  delete(logGroupName: string): Promise<'deleted' | 'noSuchGroup'>
  /** Lines older than so many days are gone; `undefined` keeps them. */
  setRetention(
    logGroupName: string,
    retentionDays: number | undefined,
  ): Promise<'set' | 'noSuchGroup'>
}
