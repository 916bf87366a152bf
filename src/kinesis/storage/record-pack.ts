import { isAscii, utf8Length } from '../../aws/utf8.ts'
import type { RecordPack, StoredPack } from '../../ports/shards.ts'
import type { StreamRecord } from '../../ports/stream-reader.ts'
import { sequenceNumbers, type NumberedShard } from './sequence-number.ts'

/** A record that has no place yet. Its data is base64, as it came and as it will go. */
export interface NewRecord {
  partitionKey: string
  data: string
}

// A row of SQLite is written and read as a whole: small enough that a reader of few records reads
// little besides, large enough that 500 small records are few rows.
const MAX_PACK_RECORDS = 100
const MAX_PACK_CHARACTERS = 128 * 1024

/** Records in as few packs as may be, in their order; a record that is long by itself has its own. */
export function packRecords(records: readonly NewRecord[]): RecordPack[] {
  const packs: RecordPack[] = []
  let parts: string[] = []
  let characters = 0
  let bytes = 0
  const close = () => {
    if (parts.length === 0) return
    packs.push({ records: parts.length, bytes, body: `[${parts.join(',')}]` })
    parts = []
    characters = 0
    bytes = 0
  }
  for (const record of records) {
    const isFull =
      parts.length === MAX_PACK_RECORDS || characters + record.data.length > MAX_PACK_CHARACTERS
    if (isFull) close()
    // Base64 has nothing that JSON would escape.
    parts.push(`${asciiJson(record.partitionKey)},"${record.data}"`)
    characters += record.data.length + record.partitionKey.length
    bytes += recordBytes(record)
  }
  close()
  return packs
}

/** Bytes of data and partition key. */
export function recordBytes({ partitionKey, data }: NewRecord): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0
  return (data.length / 4) * 3 - padding + utf8Length(partitionKey)
}

/** At most `limit` records of `fromIndex` on, from the packs that hold them. */
export function unpackRecords(
  shard: NumberedShard,
  packs: readonly StoredPack[],
  fromIndex: number,
  limit: number,
): StreamRecord[] {
  const records: StreamRecord[] = []
  for (const { firstIndex, arrivedAtMilliseconds, body } of packs) {
    const numberOf = sequenceNumbers(shard, arrivedAtMilliseconds)
    const flat = JSON.parse(body) as string[]
    const skipped = Math.max(fromIndex - firstIndex, 0)
    for (let at = skipped * 2; at < flat.length && records.length < limit; at += 2) {
      const [partitionKey = '', data = ''] = [flat[at], flat[at + 1]]
      const sequenceNumber = numberOf(firstIndex + at / 2)
      records.push({ sequenceNumber, partitionKey, data, arrivedAtMilliseconds })
    }
  }
  return records
}

/** Pure ASCII takes a byte a character everywhere: in SQLite, in calls of actors, in memory. */
function asciiJson(text: string): string {
  const json = JSON.stringify(text)
  if (isAscii(json)) return json
  return json.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
