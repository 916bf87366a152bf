/** Whether an address, IPv4 or IPv6, is in a network such as `203.0.113.0/24` or `2001:db8::/32`. */
export function isInNetwork(network: string, address: string): boolean {
  const [prefix = '', lengthText] = network.split('/')
  const [wanted, actual] = [bitsOf(prefix), bitsOf(address)]
  if (wanted === undefined || actual === undefined || wanted.length !== actual.length) return false
  const length = lengthText === undefined ? wanted.length : Number(lengthText)
  if (!/^\d{1,3}$/.test(lengthText ?? '0') || length > wanted.length) return false
  return wanted.slice(0, length) === actual.slice(0, length)
}

/** The address as 32 or 128 zeros and ones. */
function bitsOf(address: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const bytes = address.split('.').map(Number)
    return bytes.every((byte) => byte < 256) ? bits(bytes, 8) : undefined
  }
  return bitsOfIpv6(address)
}

function bitsOfIpv6(address: string): string | undefined {
  const url = URL.parse(`http://[${address}]/`)
  if (url === null) return undefined
  // URLs have one spelling of an address: no embedded IPv4, and `::` for the longest run of zeros.
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const first = groupsOf(head)
  const last = groupsOf(tail ?? '')
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0)
  return bits([...first, ...zeros, ...last], 16)
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16))
}

function bits(numbers: number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('')
}
