import type { z } from 'zod'
import { authorize } from '../aws/caller.ts'
import type { JsonOperation } from '../ports/json-operation.ts'
import type { Ports } from '../ports/ports.ts'
import { ofIterator, ofStream, ofToken } from './access.ts'
import { createStream } from './create-stream.ts'
import { deleteStream } from './delete-stream.ts'
import { describeStreamSummary } from './describe-stream-summary.ts'
import { describeStream } from './describe-stream.ts'
import { getRecords } from './get-records.ts'
import { getShardIterator } from './get-shard-iterator.ts'
import { parseKinesisInput } from './input.ts'
import { listShards } from './list-shards.ts'
import { listStreams } from './list-streams.ts'
import { putRecord } from './put-record.ts'
import { putRecords } from './put-records.ts'
import {
  CreateStreamRequest,
  DeleteStreamRequest,
  DescribeStreamRequest,
  DescribeStreamSummaryRequest,
  GetRecordsRequest,
  GetShardIteratorRequest,
  ListShardsRequest,
  ListStreamsRequest,
  PutRecordRequest,
  PutRecordsRequest,
} from './shapes.ts'

/**
 * One row of the table: the operation's shape, what it does, and what a caller must be allowed to do
 * it to. The root is not asked, so that nothing is looked up for it.
 */
function operation<Shape extends z.ZodObject>(
  action: string,
  shape: Shape,
  run: (ports: Ports, input: z.output<Shape>) => Promise<object | undefined>,
  resourceOf: (ports: Ports, input: z.output<Shape>) => string | Promise<string>,
): [target: string, JsonOperation] {
  return [
    `Kinesis_20131202.${action}`,
    async (ports, caller, unparsed) => {
      const input = parseKinesisInput(shape, unparsed)
      if (caller.kind !== 'root') {
        const resource = await resourceOf(ports, input)
        authorize(caller, { action: `kinesis:${action}`, resource })
      }
      return run(ports, input)
    },
  ]
}

/** The operation table of Kinesis, by the value of `X-Amz-Target`. */
export const kinesisOperations: ReadonlyMap<string, JsonOperation> = new Map([
  operation('CreateStream', CreateStreamRequest, createStream, ofStream),
  operation('DeleteStream', DeleteStreamRequest, deleteStream, ofStream),
  operation('DescribeStream', DescribeStreamRequest, describeStream, ofStream),
  operation('DescribeStreamSummary', DescribeStreamSummaryRequest, describeStreamSummary, ofStream),
  operation('GetRecords', GetRecordsRequest, getRecords, ofIterator),
  operation('GetShardIterator', GetShardIteratorRequest, getShardIterator, ofStream),
  operation('ListShards', ListShardsRequest, listShards, ofToken),
  operation('ListStreams', ListStreamsRequest, listStreams, () => '*'),
  operation('PutRecord', PutRecordRequest, putRecord, ofStream),
  operation('PutRecords', PutRecordsRequest, putRecords, ofStream),
])
