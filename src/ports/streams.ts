/** One life of a stream's name. */
export interface Stream {
  streamName: string
  /** New with every CreateStream: what belongs to an earlier stream of the name has another. */
  incarnation: string
  status: 'CREATING' | 'ACTIVE' | 'DELETING'
  /** Stays as it is for the incarnation: shards are neither split nor merged. */
  shardCount: number
  /** In a later second than every earlier incarnation's, so that its sequence numbers are greater. */
  createdAtMilliseconds: number
}

/** The single writer of what is known of each stream. */
export interface Streams {
  /** Afterwards the stream takes records, or soon: it is ACTIVE when it does. */
  create(streamName: string, shardCount: number): Promise<'created' | 'existed'>
  /** The stream as it is now; `undefined` when there is none. */
  find(streamName: string): Promise<Stream | undefined>
  /** Deletes the stream with all its records. `busy` while it is being created. */
  delete(streamName: string): Promise<'deleted' | 'busy' | 'noSuchStream'>
}

/**
 * Active streams, remembered: an answer may be of a stream that was deleted since. Its shards then
 * answer `gone`, on which the caller forgets it and asks again.
 */
export interface KnownStreams {
  get(streamName: string): Promise<Stream | undefined>
  forget(stream: Stream): void
}
