/**
 * What the sandbox needs for its own work, taken before user code runs: functions replace
 * `Promise`, `Error` or `JSON.stringify` and extend prototypes, and must still be answered for.
 */
export const NativeError = Error
export const NativePromise = Promise
const NativeResponse = Response
export const parse = JSON.parse
export const stringify = JSON.stringify
export const now = Date.now
export const { apply, deleteProperty, get, set } = Reflect
export const { assign, getPrototypeOf, hasOwn, keys } = Object

export type Callable = (this: unknown, ...args: unknown[]) => unknown

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function'
}

/** False for a Proxy that does not even tell what it is. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof NativeError
  } catch {
    return false
  }
}

/** Without a prototype an object has no `toJSON` that user code could have put there. */
export function bare<T extends object>(value: T): T {
  return setPrototypeOf(value, null)
}
const setPrototypeOf: <T>(value: T, prototype: null) => T = Object.setPrototypeOf

/** Sets an own property, whatever accessors `Object.prototype` has been given. */
export function define<T extends object>(target: T, name: string, value: unknown): T {
  defineProperty(target, name, bare({ value, writable: true, configurable: true }))
  return target
}
const defineProperty = Reflect.defineProperty.bind(undefined)

/** A promise to be awaited: `await` asks it for its constructor, and else for its `then`. */
export function steady<T>(promise: Promise<T>): Promise<T> {
  return define(promise, 'constructor', NativePromise)
}

/** A response to be returned: an async function asks what it returns for its `then`. */
export function respond(
  body: string | null,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  const init = bare({ status, headers: bare(headers) })
  return define(new NativeResponse(body, init), 'then', undefined)
}

export const methodOf = getterOf(Request.prototype, 'method')
export const urlOf = getterOf(Request.prototype, 'url')
const text: unknown = get(Request.prototype, 'text')

export function bodyOf(request: Request): Promise<string> {
  return steady(isCallable(text) ? (apply(text, request, []) as Promise<string>) : request.text())
}

function getterOf(prototype: object, name: 'method' | 'url'): (request: Request) => string {
  const getter: unknown = get(Object.getOwnPropertyDescriptor(prototype, name) ?? {}, 'get')
  return (request) => (isCallable(getter) ? (apply(getter, request, []) as string) : request[name])
}

/** Whether every character is one that the value of a header may have. */
export function isPrintableAscii(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const character = value[index] ?? ''
    if (character < ' ' || character > '~') return false
  }
  return true
}

const slice: unknown = get(String.prototype, 'slice')

/** A text that ends at so many characters, and then tells how long it was. */
export function clipped(value: string, length: number): string {
  if (value.length <= length || !isCallable(slice)) return value
  const note = `… (${value.length} characters)`
  return `${String(apply(slice, value, [0, length - note.length]))}${note}`
}
