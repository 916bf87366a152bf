import type { z } from 'zod'
import type { Ports } from '../ports/ports.ts'
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

/** What has no output answers an empty body. */
type JsonOperation = (ports: Ports, input: object) => Promise<object | undefined>

function operation<Shape extends z.ZodType>(
  shape: Shape,
  run: (ports: Ports, input: z.output<Shape>) => Promise<object | undefined>,
): JsonOperation {
  return (ports, input) => run(ports, parseKinesisInput(shape, input))
}

/** The operation table of Kinesis, by the value of `X-Amz-Target`. */
export const kinesisOperations: ReadonlyMap<string, JsonOperation> = new Map([
  ['Kinesis_20131202.CreateStream', operation(CreateStreamRequest, createStream)],
  ['Kinesis_20131202.DeleteStream', operation(DeleteStreamRequest, deleteStream)],
  ['Kinesis_20131202.DescribeStream', operation(DescribeStreamRequest, describeStream)],
  [
    'Kinesis_20131202.DescribeStreamSummary',
    operation(DescribeStreamSummaryRequest, describeStreamSummary),
  ],
  ['Kinesis_20131202.GetRecords', operation(GetRecordsRequest, getRecords)],
  ['Kinesis_20131202.GetShardIterator', operation(GetShardIteratorRequest, getShardIterator)],
  ['Kinesis_20131202.ListShards', operation(ListShardsRequest, listShards)],
  ['Kinesis_20131202.ListStreams', operation(ListStreamsRequest, listStreams)],
  ['Kinesis_20131202.PutRecord', operation(PutRecordRequest, putRecord)],
  ['Kinesis_20131202.PutRecords', operation(PutRecordsRequest, putRecords)],
])
