export interface IndexedStream {
  streamName: string
  createdAtMilliseconds: number
}

export interface StreamPage {
  streams: IndexedStream[]
  /** Opaque; absent on the last page. */
  cursor?: string
}

/**
 * Where streams are listed. A copy: elsewhere it may be 60 s old, and only the Stream actor calls
 * `put` and `delete`.
 */
export interface StreamIndex {
  /** At most `limit` streams, in the order of their names. */
  list(limit: number, cursor?: string): Promise<StreamPage>
  /** May reject when the key was written less than a second ago: try again later. */
  put(stream: IndexedStream): Promise<void>
  delete(streamName: string): Promise<void>
}
