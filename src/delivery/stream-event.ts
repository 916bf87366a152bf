import { parseStreamArn } from '../aws/stream-arn.ts'
import type { PumpJob } from '../ports/pumps.ts'
import type { StreamRecord } from '../ports/stream-reader.ts'

/**
 * The event as functions of 2014 received it (the sample of AWS's preview: no arrival timestamps).
 * As text, since that is how it travels.
 */
export function streamEvent(job: PumpJob, records: readonly StreamRecord[]): string {
  return JSON.stringify({ Records: records.map((record) => eventRecord(job, record)) })
}

/** What a record adds to the event besides its data and its partition key. */
export function envelopeBytes(job: PumpJob): number {
  const empty = { sequenceNumber: '0'.repeat(56), partitionKey: '', data: '' }
  return JSON.stringify(eventRecord(job, empty)).length + 1
}

function eventRecord(
  { shardId, mapping }: PumpJob,
  { sequenceNumber, partitionKey, data }: Omit<StreamRecord, 'arrivedAtMilliseconds'>,
) {
  return {
    kinesis: { partitionKey, kinesisSchemaVersion: '1.0', data, sequenceNumber },
    eventSource: 'aws:kinesis',
    eventID: `${shardId}:${sequenceNumber}`,
    invokeIdentityArn: mapping.Role,
    eventVersion: '1.0',
    eventName: 'aws:kinesis:record',
    eventSourceARN: mapping.EventSource,
    awsRegion: parseStreamArn(mapping.EventSource)?.region,
  }
}
