/** `length` bytes from `offset`, or as many as there are. */
export interface ByteRange {
  offset: number
  length: number
}

export interface StoredObject {
  /** Size of the whole object in bytes, also when only a range is read. */
  size: number
  /** Quoted, as HTTP has it. */
  etag: string
  body: ReadableStream<Uint8Array>
}

export interface ListedObject {
  key: string
  /** When `put` was done with it. */
  uploadedAtMilliseconds: number
}

/**
 * Zips and spilled payloads, under keys that are written once and never again.
 * Strongly consistent: what `put` promised, the next `get` finds.
 */
export interface CodeStore {
  /**
   * Stores `size` bytes under a fresh key and answers the hash, in hex, of what it stored. Reads
   * no faster than it stores. Rejects when the stream breaks off (with `bodyBrokenOff`), or is
   * shorter or longer than `size`; whatever is then left under the key is the caller's to delete,
   * and no more is to come.
   */
  put(key: string, body: ReadableStream<Uint8Array>, size: number): Promise<{ sha256: string }>
  /** Size and ETag; `undefined` when there is no such object. */
  head(key: string): Promise<Omit<StoredObject, 'body'> | undefined>
  /** The part of the object that `range` names, or all of it; `undefined` when there is none. */
  get(key: string, range?: ByteRange): Promise<StoredObject | undefined>
  /** Deletes; a key that is not there is no error. */
  delete(key: string): Promise<void>
  /**
   * All objects whose keys begin with `prefix`, in the order of their keys, however many there are.
   * Those deleted meanwhile may be among them.
   */
  list(prefix: string): AsyncIterable<ListedObject>
}
