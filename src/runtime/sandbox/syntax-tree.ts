import type { AnyNode } from 'acorn'

/** The nodes right below a node, each with the name of its place. */
export function children(node: AnyNode): [place: string, child: AnyNode][] {
  const found: [string, AnyNode][] = []
  const places: [string, unknown][] = Object.entries(node)
  for (const [place, value] of places) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(one)) found.push([place, one])
    }
  }
  return found
}

export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
