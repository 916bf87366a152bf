import { createRequire } from 'node:module'
import { SANDBOX_URL } from './sandbox-url.ts'

/** workerd's own `require`, which finds modules by their whole names. */
export const requireModule: (name: string) => unknown = createRequire(
  SANDBOX_URL ?? 'file:///sandbox.js',
)

/** Something that is made when it is first asked for. */
export interface Lazy<T> {
  (): T
  /** Whether it was asked for. */
  isMade(): boolean
}

/**
 * Most of Node's modules are loaded this way: to import `process`, `fs` and `util` takes as long as
 * it takes workerd to start an isolate, and many a function needs none of them.
 */
export function lazily<T>(make: () => T): Lazy<T> {
  let made: { value: T } | undefined
  const get = () => (made ??= { value: make() }).value
  return Object.assign(get, { isMade: () => made !== undefined })
}
