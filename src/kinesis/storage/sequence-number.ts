// A sequence number is the decimal form of these hex digits (kinesalite's db/index.js took Amazon's
// apart): 2, the second of the shard's creation (9), the shard's last digit (1), the record's index
// (16), 00, the second of its arrival (9), the shard (8), 2. Such numbers have 56 digits.

const SHARD = 4n
const ARRIVAL = 36n
const INDEX = 80n
const SHARD_DIGIT = 144n
const CREATION = 148n
const VERSION_2 = (2n << 184n) + 2n

/** The shard that a sequence number tells of. */
export interface NumberedShard {
  shardIndex: number
  createdAtMilliseconds: number
}

export interface SequenceNumber {
  createdSeconds: number
  shardIndex: number
  /** Of the record in its shard. */
  index: number
}

/** The sequence numbers of records that arrived at the same time. */
export function sequenceNumbers(
  { shardIndex, createdAtMilliseconds }: NumberedShard,
  arrivedAtMilliseconds: number,
): (index: number) => string {
  const common =
    VERSION_2 +
    (seconds(createdAtMilliseconds) << CREATION) +
    (BigInt(shardIndex % 16) << SHARD_DIGIT) +
    (seconds(arrivedAtMilliseconds) << ARRIVAL) +
    (BigInt(shardIndex) << SHARD)
  return (index) => (common + (BigInt(index) << INDEX)).toString()
}

/** The number that all records of a shard come after. */
export function startingSequenceNumber(shard: NumberedShard): string {
  return sequenceNumbers(shard, shard.createdAtMilliseconds)(0)
}

/** `undefined` for what no shard can have given out. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  if (!/^\d{56}$/.test(text)) return undefined
  const number = BigInt(text)
  const index = Number(field(number, INDEX, 64n))
  const isVersion2 = number >> 184n === 2n && (number & 15n) === 2n
  if (!isVersion2 || !Number.isSafeInteger(index)) return undefined
  return {
    createdSeconds: Number(field(number, CREATION, 36n)),
    shardIndex: Number(field(number, SHARD, 32n)),
    index,
  }
}

function field(number: bigint, at: bigint, bits: bigint): bigint {
  return (number >> at) & ((1n << bits) - 1n)
}

function seconds(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds / 1000))
}
