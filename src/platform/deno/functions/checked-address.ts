import { lookup } from 'node:dns/promises'
import type { OutboundPolicy } from '../../../aws/outbound-policy.ts'
import { addressRefusalOf } from '../../../runtime/outbound-refusal.ts'

/** An address that may be connected to, or why there is none. */
export type CheckedAddress = { address: string } | { refusal: string }

export interface FoundAddress {
  address: string
  family: number
}

/** All addresses of a host. Rejects when there is no such name. */
export type Lookup = (host: string) => Promise<FoundAddress[]>

export const systemLookup: Lookup = (host) => lookup(host, { all: true })

/**
 * Resolves the host of a URL that the policy lets pass, and looks at every address that it has: a
 * name can point anywhere. Who connects uses this address, and never asks for the name again.
 * Rejects when there is no such name.
 */
export async function checkedAddress(
  find: Lookup,
  url: URL,
  isNamedByOperator: boolean,
  policy: OutboundPolicy,
): Promise<CheckedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = await find(host)
  // Many machines have names with IPv6 addresses within reach, but no way to them.
  const inOrder = found.toSorted((a, b) => a.family - b.family)
  for (const { address } of inOrder) {
    const refusal = addressRefusalOf(url, address, isNamedByOperator, policy)
    if (refusal !== undefined) return { refusal }
  }
  const [first] = inOrder
  return first === undefined ? { refusal: `${host} has no address` } : { address: first.address }
}
