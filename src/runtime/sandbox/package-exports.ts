/**
 * The file that `exports` of a package.json has for a subpath (`.`, `./lib/a`): by Node's rules,
 * with its conditions in the order in which the package lists them. `undefined`: it has none.
 */
export function exportedFile(
  exports: unknown,
  subpath: string,
  conditions: string[],
): string | undefined {
  if (!hasSubpaths(exports)) return subpath === '.' ? target(exports, '', conditions) : undefined
  const exact = exports[subpath]
  if (exact !== undefined && !subpath.includes('*')) return target(exact, '', conditions)
  // Of several patterns the one with the longest beginning counts.
  const patterns = Object.keys(exports).filter((key) => key.includes('*'))
  patterns.sort((a, b) => b.indexOf('*') - a.indexOf('*'))
  for (const pattern of patterns) {
    const [start = '', end = ''] = pattern.split('*')
    const isLongEnough = subpath.length >= start.length + end.length
    if (!isLongEnough || !subpath.startsWith(start) || !subpath.endsWith(end)) continue
    const star = subpath.slice(start.length, subpath.length - end.length)
    return target(exports[pattern], star, conditions)
  }
  return undefined
}

function target(value: unknown, star: string, conditions: string[]): string | undefined {
  if (typeof value === 'string') {
    const isInside = value.startsWith('./') && !value.split('/').includes('..')
    return isInside ? value.replaceAll('*', () => star) : undefined
  }
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = target(one, star, conditions)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isRecord(value)) return undefined
  for (const [condition, one] of Object.entries(value)) {
    if (!conditions.includes(condition)) continue
    const found = target(one, star, conditions)
    if (found !== undefined) return found
  }
  return undefined
}

/** Keys are subpaths or conditions, never both. */
function hasSubpaths(exports: unknown): exports is Record<string, unknown> {
  return isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
