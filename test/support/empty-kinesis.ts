import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface EmptyKinesis extends AsyncDisposable {
  url: string
  /** How often it was asked for records. */
  reads(): number
}

const ANSWERS: Record<string, object> = {
  DescribeStream: {
    StreamDescription: { Shards: [{ ShardId: 'shardId-000000000000' }], HasMoreShards: false },
  },
  GetShardIterator: { ShardIterator: 'iterator' },
  GetRecords: { Records: [], NextShardIterator: 'iterator', MillisBehindLatest: 0 },
}

/** A Kinesis on a free port whose streams have one shard each, with no records. */
export async function emptyKinesis(): Promise<EmptyKinesis> {
  let reads = 0
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    if (operation === 'GetRecords') reads += 1
    request.resume().on('end', () => response.end(JSON.stringify(ANSWERS[operation] ?? {})))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    reads: () => reads,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
