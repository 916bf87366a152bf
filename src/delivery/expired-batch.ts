import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { PumpJob } from '../ports/pumps.ts'
import type { Batch } from './batch.ts'

interface ExpiredBatch {
  job: PumpJob
  batch: Batch
  /** So many of its records expired, from the first one on. */
  count: number
  /** For a dead letter beside which the rest of the batch goes on being tried. */
  newId: () => string
  now: number
}

/** Of records that are gone, their places are left: as Lambda tells its failure destinations. */
export function eventOfExpired({ job, batch, count, newId, now }: ExpiredBatch): AcceptedEvent {
  const KinesisBatchInfo = {
    streamArn: job.mapping.EventSource,
    shardId: job.shardId,
    startSequenceNumber: batch.firstSequenceNumber,
    endSequenceNumber: batch.lastSequenceNumber,
    batchSize: batch.count,
  }
  return {
    functionName: job.mapping.FunctionName,
    requestId: count === batch.count ? batch.requestId : newId(),
    acceptedAtMilliseconds: now,
    payload: JSON.stringify({ KinesisBatchInfo }),
  }
}
