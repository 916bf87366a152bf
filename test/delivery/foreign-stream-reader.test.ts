import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { foreignKinesis } from '../../src/delivery/foreign-kinesis.ts'
import { foreignStreamReader } from '../../src/delivery/foreign-stream-reader.ts'
import { sequenceNumbers } from '../../src/kinesis/storage/sequence-number.ts'
import type { StreamReader } from '../../src/ports/stream-reader.ts'
import { fakeClock } from '../support/clock.ts'
import { startKinesalite, type Kinesalite } from '../support/kinesalite.ts'
import { createStream, kinesisAt, putTexts } from '../support/stream-client.ts'

// Streams of another Kinesis, as a real kinesalite refuses and answers.

const FIRST = 'shardId-000000000000'

let kinesalite: Kinesalite
let reader: StreamReader

beforeAll(async () => {
  kinesalite = await startKinesalite()
  const theirs = { endpoint: kinesalite.url, accessKeyId: 'theirs', secretAccessKey: 'theirs' }
  reader = foreignStreamReader(foreignKinesis(theirs, 'us-east-1'), fakeClock().now)
  const kinesis = kinesisAt(kinesalite.url)
  await createStream(kinesis, 'clicks', 1)
  await putTexts(kinesis, 'clicks', ['a', 'b'])
})

afterAll(() => kinesalite.stop())

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined))
afterEach(() => void vi.restoreAllMocks())

/** As a stream of the name gave it out that was there an hour before. */
function earlierNumber(shardIndex = 0): string {
  const createdAtMilliseconds = Date.now() - 60 * 60 * 1000
  return sequenceNumbers({ shardIndex, createdAtMilliseconds }, createdAtMilliseconds)(1)
}

async function textsAfter(sequenceNumber: string): Promise<string[]> {
  const read = await reader.read('clicks', FIRST, { kind: 'after', sequenceNumber }, 10)
  if (read.kind !== 'records') throw new Error(read.kind)
  return read.records.map(({ data }) => Buffer.from(data, 'base64').toString())
}

test('a foreign stream that was deleted and made again is read from its first record on', async () => {
  const sequenceNumber = earlierNumber()
  expect(await textsAfter(sequenceNumber)).toEqual(['a', 'b'])
  expect(console.error).toHaveBeenCalledWith(
    expect.stringContaining('"what":"stream made anew","streamName":"clicks"'),
  )
})

test.each([
  {
    name: 'of another shard',
    sequenceNumber: earlierNumber(1),
    refusal: 'Invalid StartingSequenceNumber. It encodes shardId-000000000001',
  },
  { name: 'that nobody gave out', sequenceNumber: '1'.repeat(56), refusal: 'is invalid.' },
])('a sequence number $name is refused, and begins nothing anew', async (row) => {
  await expect(textsAfter(row.sequenceNumber)).rejects.toThrow(row.refusal)
})
