import type { ExpectStatic } from 'vitest'
import { memoryGateway } from './memory-gateway.ts'

export type Json = Record<string, unknown>

export interface PutAnswer {
  FailedRecordCount: number
  Records: { SequenceNumber: string; ShardId: string }[]
}

export interface ReadAnswer {
  MillisBehindLatest: number
  NextShardIterator: string
  Records: {
    ApproximateArrivalTimestamp: number
    Data: string
    PartitionKey: string
    SequenceNumber: string
  }[]
}

/** Kinesis over HTTP, on memory ports. */
export function kinesisGateway(options: Parameters<typeof memoryGateway>[0] = {}) {
  const gateway = memoryGateway(options)

  /** The output of an operation that succeeds. */
  async function ask<Answer = Json>(operation: string, input: unknown = {}): Promise<Answer> {
    const response = await gateway.kinesis(operation, input)
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return (text === '' ? {} : JSON.parse(text)) as Answer
  }

  const streamOf = (ShardCount: number, StreamName = 's') =>
    ask('CreateStream', { StreamName, ShardCount })

  /** Puts texts under their own names as partition keys. */
  const put = (keys: string[], StreamName = 's') => {
    const Records = keys.map((key) => ({ PartitionKey: key, Data: btoa(key) }))
    return ask<PutAnswer>('PutRecords', { StreamName, Records })
  }

  async function iterator(ShardIteratorType: string, more: object = {}): Promise<string> {
    const input = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType, ...more }
    const { ShardIterator } = await ask<{ ShardIterator: string }>('GetShardIterator', input)
    return ShardIterator
  }

  const read = (ShardIterator: string, Limit?: number) =>
    ask<ReadAnswer>('GetRecords', { ShardIterator, Limit })

  return { ...gateway, ask, streamOf, put, iterator, read }
}

/** Status, header and body of an error of Kinesis in one go. */
export async function expectKinesisError(
  response: Response,
  code: string,
  message: string | RegExp,
  expect: ExpectStatic,
): Promise<void> {
  const body: unknown = await response.json()
  const text = typeof message === 'string' ? message : expect.stringMatching(message)
  expect({ status: response.status, body }).toEqual({
    status: 400,
    body: { __type: code, message: text },
  })
  expect(response.headers.get('x-amzn-errortype')).toBe(code)
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
}
