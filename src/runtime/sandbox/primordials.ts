/**
 * What the sandbox needs for its own work, taken before user code runs: functions replace
 * `Promise`, `Error` or `JSON.stringify` and extend prototypes, and must still be answered for.
 */
export const NativeError = Error
export const NativePromise = Promise
export const NativeResponse = Response
export const parse = JSON.parse
export const stringify = JSON.stringify
export const now = Date.now
export const { apply, deleteProperty, get, set } = Reflect
export const { assign, getPrototypeOf, hasOwn, keys } = Object

export type Callable = (this: unknown, ...args: unknown[]) => unknown

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

export function isError(value: unknown): value is Error {
  return value instanceof NativeError
}

/** Without a prototype an object has no `toJSON` that user code could have put there. */
export function bare<T extends object>(value: T): T {
  return setPrototypeOf(value, null)
}
const setPrototypeOf: <T>(value: T, prototype: null) => T = Object.setPrototypeOf
