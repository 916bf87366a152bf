import { zip, type ZipEnding, type ZipInput } from '../support/zip.ts'
import type { Random } from './random.ts'

type Bytes = Uint8Array<ArrayBuffer>

const HOSTILE_NAMES = [
  ...[
    '',
    '/',
    '//',
    '.',
    '..',
    './',
    '../a.js',
    'a/../../b.js',
    '/etc/passwd',
    'C:\\a.js',
    'c:a.js',
  ],
  ...['a\\b.js', 'a\0.js', 'index.js', 'index.js/', 'index.js/a', './index.js', 'lib//a.js', ' '],
  ...['__proto__', 'constructor.js', 'node_modules/__proto__/index.js', 'é.js', '\u{1f600}.js'],
  ...['\u202e.js', 'a'.repeat(300) + '.js', 'a/'.repeat(3000) + 'x', 'x'.repeat(60_000)],
]
const SIZES = [0, 1, 22, 0xffff, 41_943_040, 41_943_041, 262_144_000, 0x7fffffff, 0xfffffffe]
const U32 = 2 ** 32
const LINK_MODE = 0o120777

/** A zip, hostile more often than not. */
export function fuzzZip(random: Random): Bytes {
  const make = random.pick([
    sound,
    sound,
    sound,
    sound,
    sound,
    lying,
    lying,
    named,
    linked,
    ended,
    odd,
  ])
  const bytes = make(random)
  return random.chance(0.2) ? damaged(random, bytes) : bytes
}

/** One that is always taken for `index.handler`. */
export function soundZip(random: Random): Bytes {
  return sound(random)
}

function files(random: Random): ZipInput[] {
  const source = `exports.handler=function(e,c){c.done()}//${random.next()}`
  const more = Array.from({ length: random.below(5) }, (_, n): ZipInput => ({
    name: random.pick(['lib/', 'a-', 'Ünï/', 'x/y/']) + `${n}.js`,
    data: random.chance(0.5) ? random.bytes(random.below(500)) : 'x'.repeat(random.below(5000)),
    method: random.pick([0, 8]),
    dataDescriptor: random.chance(0.2),
    zip64: random.chance(0.2),
  }))
  return [{ name: 'index.js', data: source, method: random.pick([0, 8]) }, ...more]
}

function sound(random: Random): Bytes {
  const folder: ZipInput[] = random.chance(0.2) ? [{ name: 'empty/', method: 0 }] : []
  return written([...files(random), ...folder], {
    comment: random.bytes(random.chance(0.2) ? random.below(200) : 0),
    prefix: random.bytes(random.chance(0.1) ? random.below(100) : 0),
    zip64: random.chance(0.2),
  })
}

/** Some field of some entry is not what it should be. */
function lying(random: Random): Bytes {
  const inputs = files(random)
  const entry = random.pick(inputs)
  const size = random.chance(0.5) ? random.pick(SIZES) : random.below(U32)
  Object.assign(
    entry,
    random.pick<Partial<ZipInput>>([
      { crc32: random.below(U32) },
      { size },
      { size, zip64: true },
      { compressedSize: size },
      { size, compressedSize: size, method: 0 },
      { method: random.below(100) },
      { flags: random.below(0x10000) },
      { offset: size },
      { disk: random.below(0x10000) },
      { localSignature: random.below(U32) },
      { localExtra: random.bytes(random.below(300)) },
      { extra: random.bytes(random.below(300)) },
      { extra: Uint8Array.of(1, 0, random.below(256), 0, ...random.bytes(random.below(40))) },
      { compressed: random.bytes(random.below(300)), method: 8 },
      { mode: random.below(0x10000), host: random.below(256) },
    ]),
  )
  return written(inputs)
}

function named(random: Random): Bytes {
  const bytes = random.chance(0.2) ? random.bytes(random.below(40)) : random.pick(HOSTILE_NAMES)
  const hostile = { name: bytes, data: 'x', flags: random.pick([0, 0x800]) }
  return written([...files(random), hostile])
}

function linked(random: Random): Bytes {
  const targets = [
    'index.js',
    '.',
    './',
    '..',
    '../x',
    '/etc/passwd',
    'a',
    'b',
    'nowhere',
    '',
    '\0',
  ]
  const links = ['a', 'b', 'lib/c'].map((name): ZipInput => {
    const data = random.chance(0.1) ? 'x/'.repeat(3000) : random.pick(targets)
    return { name, data, mode: LINK_MODE, method: random.pick([0, 8]) }
  })
  return written([...files(random), ...links])
}

/** What stands behind the entries is not what it should be. */
function ended(random: Random): Bytes {
  const size = random.chance(0.5) ? random.pick(SIZES) : random.below(1000)
  const ending = random.pick<ZipEnding>([
    { entryCount: random.below(0x10000) },
    { directorySize: size },
    { directoryOffset: size },
    { disk: random.below(0x10000) },
    { directoryTail: random.bytes(random.below(100)) },
    { directorySize: 0xffffffff, directoryOffset: 0xffffffff, entryCount: 0xffff },
    { comment: Uint8Array.of(0x50, 0x4b, 5, 6, ...random.bytes(18)) },
    { zip64: true, directorySize: size },
    { zip64: true, entryCount: size },
    { zip64: true, directoryOffset: size },
  ])
  return written(files(random), ending)
}

function odd(random: Random): Bytes {
  return random.pick<() => Bytes>([
    () => new Uint8Array(),
    () => random.bytes(random.below(100)),
    () => written([]),
    () => Uint8Array.of(0x50, 0x4b, 5, 6, ...new Uint8Array(18)),
    () => Uint8Array.of(0x1f, 0x8b, 8, ...random.bytes(50)),
    () => written(Array.from({ length: 2000 }, (_, n) => ({ name: `${n}.js`, method: 0 }))),
    // A bomb: what it inflates to is more than it says.
    () => written([...files(random), { name: 'b', data: new Uint8Array(4_000_000), size: 1000 }]),
    () => written([...files(random), { name: 'b', data: random.bytes(300_000), method: 0 }]),
  ])()
}

function damaged(random: Random, bytes: Bytes): Bytes {
  const at = random.below(bytes.length)
  switch (random.below(4)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1 + random.below(20))])
    case 2:
      return Uint8Array.from([...bytes, ...random.bytes(1 + random.below(30))])
    default:
      return flipped(random, bytes)
  }
}

/** A few other bytes, where the directory is more often than elsewhere. */
export function flipped(random: Random, bytes: Bytes): Bytes {
  const changed = bytes.slice()
  const from = random.chance(0.5) ? Math.max(0, bytes.length - 200) : 0
  for (let count = 1 + random.below(8); count > 0 && bytes.length > 0; count--) {
    const at = from + random.below(bytes.length - from)
    changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255))
  }
  return changed
}

function written(inputs: ZipInput[], ending: ZipEnding = {}): Bytes {
  return new Uint8Array(zip(inputs, ending))
}
