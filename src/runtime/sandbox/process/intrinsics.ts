// A process that ended badly is followed by another one, so nothing is ever made what it was.

export function remember(): void {
  // Nothing to do.
}

export function rememberGlobals(): void {
  // Nothing to do.
}

export function restore(): void {
  // Nothing to do.
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
