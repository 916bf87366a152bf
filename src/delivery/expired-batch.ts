import type { AcceptedEvent } from '../ports/function-inboxes.ts'
import type { PumpJob } from '../ports/pumps.ts'
import type { ExpiredPart } from './pump-state.ts'

/** Of records that are gone, their places are left: as Lambda tells its failure destinations. */
export function eventOfExpired(
  job: PumpJob,
  { requestId, batch }: ExpiredPart,
  acceptedAtMilliseconds: number,
): AcceptedEvent {
  const KinesisBatchInfo = {
    streamArn: job.mapping.EventSource,
    shardId: job.shardId,
    startSequenceNumber: batch.firstSequenceNumber,
    endSequenceNumber: batch.lastSequenceNumber,
    batchSize: batch.count,
  }
  return {
    functionName: job.mapping.FunctionName,
    requestId,
    acceptedAtMilliseconds,
    payload: JSON.stringify({ KinesisBatchInfo }),
  }
}
