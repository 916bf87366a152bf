const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The CRC-32 of all the bytes so far: `crc` is that of those before, 0 at the start. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let state = ~crc
  for (const byte of bytes) state = (TABLE[(state ^ byte) & 0xff] ?? 0) ^ (state >>> 8)
  return ~state >>> 0
}
