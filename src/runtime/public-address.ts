// Addresses that are not of the public internet (IANA's special-purpose registries).

const SPECIAL_IPV4: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** `host` is an IPv4 address in four parts, or an IPv6 address in brackets, as URLs hold them. */
export function isPublicAddress(host: string): boolean {
  if (!host.startsWith('[')) return isPublicIpv4(toNumber(host))
  const groups = ipv6Groups(host.slice(1, -1))
  return groups !== undefined && isPublicIpv6(groups)
}

function isPublicIpv4(address: number): boolean {
  return SPECIAL_IPV4.every(([network, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(address / size) !== Math.floor(toNumber(network) / size)
  })
}

/** Global unicast is 2000::/3; what else carries an IPv4 address is judged by that address. */
function isPublicIpv6(groups: number[]): boolean {
  const [first = 0, second = 0, third = 0] = groups
  const embedded = (high = 0, low = 0) => isPublicIpv4(high * 65_536 + low)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  const isNat64 = first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((g) => g === 0)
  if (isMapped || isNat64) return embedded(groups[6], groups[7])
  if (first === 0x2002) return embedded(second, third)
  // 2001::/23 is for protocols, Teredo among them; the others are for examples in texts.
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false
  if (first === 0x3fff && second < 0x1000) return false
  return first >= 0x2000 && first <= 0x3fff
}

/** The eight groups; URL parsing has normalised the text, so `::` is the only short form. */
function ipv6Groups(text: string): number[] | undefined {
  const [head = '', tail] = text.split('::')
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((g) => parseInt(g, 16)))
  const before = parse(head)
  const after = tail === undefined ? [] : parse(tail)
  const zeros = Array<number>(Math.max(8 - before.length - after.length, 0)).fill(0)
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  return groups.length === 8 && groups.every((g) => g >= 0 && g <= 0xffff) ? groups : undefined
}

function toNumber(address: string): number {
  return address.split('.').reduce((total, part) => total * 256 + Number(part), 0)
}
