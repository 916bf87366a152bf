import AWS from 'aws-sdk'
import { ROLE, zipOf } from './memory-gateway.ts'
import { until } from './local-gateway.ts'
import type { Witness } from './witness.ts'

/** A batch as a function got it: `SHARD:SEQUENCE NUMBER` and text of each record. */
export type SeenBatch = [eventId: string, text: string][]

export interface Seen {
  texts: Set<string>
  records: number
  /** What is wrong with order, shards or sizes. */
  faults: string[]
}

const credentials = { region: 'us-east-1', accessKeyId: 'local', secretAccessKey: 'local' }
const PUT_AT_ONCE = 500

/** A Kinesis, by the SDK of the time. */
export function kinesisAt(endpoint: string): AWS.Kinesis {
  return new AWS.Kinesis({ ...credentials, endpoint, maxRetries: 0, apiVersion: '2013-12-02' })
}

/** Functions that tell a witness of every batch, and what they told. */
export function streamClient(endpoint: string, witness: Witness) {
  const lambda = new AWS.Lambda({ ...credentials, endpoint, apiVersion: '2014-11-11' })
  const call = (operation: string, input: object) =>
    lambda.makeRequest(operation, input).promise() as Promise<Record<string, string>>

  return {
    call,

    /** A function that fails every batch with `refusing` in it, after it was told of. */
    async upload(name: string, refusing = '') {
      const source = `
        var http = require('http');
        exports.handler = function (event, context) {
          var batch = event.Records.map(function (record) {
            return [record.eventID, new Buffer(record.kinesis.data, 'base64').toString()];
          });
          var refused = batch.some(function (one) { return one[1] === ${JSON.stringify(refusing)}; });
          var path = (refused ? '/refused/' : '/') + ${JSON.stringify(name)};
          var to = { host: '127.0.0.1', port: ${witness.port}, method: 'POST', path: path };
          http.request(to, function (response) {
            response.on('data', function () {});
            response.on('end', function () {
              if (refused) context.done('poisoned'); else context.done();
            });
          }).end(JSON.stringify(batch));
        };`
      await call('uploadFunction', {
        FunctionName: name,
        FunctionZip: Buffer.from(zipOf({ 'index.js': source })),
        Runtime: 'nodejs',
        Role: ROLE,
        Handler: 'index.handler',
        Mode: 'event',
        Timeout: 5,
      })
    },

    async add(FunctionName: string, stream: string, more: object = {}) {
      const EventSource = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`
      const mapping = await call('addEventSource', {
        EventSource,
        FunctionName,
        Role: ROLE,
        ...more,
      })
      return mapping.UUID ?? ''
    },

    async status(UUID: string) {
      return (await call('getEventSource', { UUID })).Status ?? ''
    },

    batchesOf: (name: string) =>
      witness.seen(`/${name}`).map(({ body }) => JSON.parse(body) as SeenBatch),
  }
}

/** Puts records with these texts, keyed so that they spread over the shards. */
export async function putTexts(kinesis: AWS.Kinesis, StreamName: string, texts: string[]) {
  for (let at = 0; at < texts.length; at += PUT_AT_ONCE) {
    const Records = texts
      .slice(at, at + PUT_AT_ONCE)
      .map((text, i) => ({ Data: text, PartitionKey: `key-${(at + i) % 97}` }))
    const { FailedRecordCount } = await kinesis.putRecords({ StreamName, Records }).promise()
    if (FailedRecordCount !== 0) throw new Error(`${FailedRecordCount} records were not taken`)
  }
}

export async function createStream(kinesis: AWS.Kinesis, StreamName: string, ShardCount: number) {
  await kinesis.createStream({ StreamName, ShardCount }).promise()
  await until(async () => {
    const { StreamDescription } = await kinesis.describeStream({ StreamName }).promise()
    return StreamDescription.StreamStatus === 'ACTIVE'
  })
}

/** Looks at batches in the order in which they came. A repeat goes back to what was seen before. */
export function look(batches: SeenBatch[], batchSize: number): Seen {
  const faults: string[] = []
  const texts = new Set<string>()
  const lastOf = new Map<string, string>()
  for (const batch of batches) {
    const shards = new Set(batch.map(([eventId]) => eventId.split(':')[0]))
    if (shards.size !== 1) faults.push(`a batch of ${shards.size} shards`)
    if (batch.length > batchSize) faults.push(`a batch of ${batch.length}`)
    for (const [eventId, text] of batch) {
      const [shard = '', sequenceNumber = ''] = eventId.split(':')
      const last = lastOf.get(shard) ?? ''
      if (sequenceNumber <= last && !texts.has(text)) faults.push(`${eventId} after ${last}`)
      if (sequenceNumber > last) lastOf.set(shard, sequenceNumber)
      texts.add(text)
    }
  }
  const records = batches.reduce((sum, batch) => sum + batch.length, 0)
  return { texts, records, faults }
}

export const numbered = (count: number, prefix = '') =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)
