import type { StreamRecord } from '../ports/stream-reader.ts'

/** An event of Lambda carries at most 6 MB. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024
/** A character of a partition key is at most so long in JSON, as `\u0000`. */
const MAX_CHARACTER_BYTES = 6

/** Records that a function gets in one event, and how its tries at them went so far. */
export interface Batch {
  requestId: string
  firstSequenceNumber: string
  lastSequenceNumber: string
  count: number
  /** Tries that the function itself failed. */
  failures: number
  /** Tries in a row that did not come to the function. */
  faults: number
  /** No try before this. */
  notBeforeMilliseconds: number
}

export interface BatchLimits {
  batchSize: number
  /** What each record adds to the event besides its data and its partition key. */
  envelopeBytes: number
}

/** The longest batch that these records begin with: at least one record, if there is one. */
export function cutBatch(
  records: readonly StreamRecord[],
  limits: BatchLimits,
  requestId: string,
): Batch {
  const cut = records.slice(0, batchLength(records, limits))
  return {
    requestId,
    firstSequenceNumber: cut.at(0)?.sequenceNumber ?? '',
    lastSequenceNumber: cut.at(-1)?.sequenceNumber ?? '',
    count: cut.length,
    failures: 0,
    faults: 0,
    notBeforeMilliseconds: 0,
  }
}

function batchLength(records: readonly StreamRecord[], limits: BatchLimits): number {
  let bytes = 0
  let length = 0
  for (const { data, partitionKey } of records.slice(0, limits.batchSize)) {
    bytes += limits.envelopeBytes + data.length + MAX_CHARACTER_BYTES * partitionKey.length
    if (length > 0 && bytes > MAX_EVENT_BYTES) break
    length += 1
  }
  return length
}

/** Whether one sequence number comes after another; a foreign service's may differ in length. */
export function isAfter(sequenceNumber: string, other: string): boolean {
  if (sequenceNumber.length !== other.length) return sequenceNumber.length > other.length
  return sequenceNumber > other
}

const MAX_BACKOFF_MILLISECONDS = 30_000

/** The pause after the `tries`th try in a row that did not succeed: 1 s, 2 s, 4 s … up to 30 s. */
export function backoffMilliseconds(tries: number): number {
  return Math.min(1000 * 2 ** Math.min(tries - 1, 10), MAX_BACKOFF_MILLISECONDS)
}

/** The batch after the function failed it once more. */
export function failed(batch: Batch, now: number): Batch {
  const failures = batch.failures + 1
  return {
    ...batch,
    failures,
    faults: 0,
    notBeforeMilliseconds: now + backoffMilliseconds(failures),
  }
}

/** The batch after a try that did not come to the function. */
export function faulted(batch: Batch, now: number): Batch {
  const faults = batch.faults + 1
  return { ...batch, faults, notBeforeMilliseconds: now + backoffMilliseconds(faults) }
}
