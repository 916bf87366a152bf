import { bare, define, deleteProperty, get, getPrototypeOf, hasOwn } from './primordials.ts'

const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect

interface Remembered {
  target: object
  /** Without a prototype, and so are the descriptors in it. */
  own: Record<PropertyKey, PropertyDescriptor>
}

const remembered: Remembered[] = []

/** Keeps what an object has now, for `restore`. */
export function remember(target: object): void {
  const own: Remembered['own'] = bare({})
  const names = ownKeys(target)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    const descriptor = getOwnPropertyDescriptor(target, name)
    if (descriptor !== undefined) own[name] = bare(descriptor)
  }
  define(remembered, String(remembered.length), { target, own })
}

/** Keeps the globals, what they are themselves and what their prototypes have. */
export function rememberGlobals(): void {
  remember(globalThis)
  const descriptors = Object.values(Object.getOwnPropertyDescriptors(globalThis))
  const values = new Set<unknown>(descriptors.map(({ value }: { value?: unknown }) => value))
  // Their names are nobody's own: %TypedArray%, and what `for … of` asks.
  values.add(getPrototypeOf(Int8Array)).add(getPrototypeOf(getPrototypeOf([].values())))
  values.add(getPrototypeOf([].values())).add(getPrototypeOf(new Map().values()))
  for (const value of values) {
    if (!isObject(value) || value === globalThis) continue
    remember(value)
    const prototype: unknown = typeof value === 'function' ? get(value, 'prototype') : undefined
    if (isObject(prototype)) remember(prototype)
  }
}

/** Makes all that is remembered what it was. Stands on nothing that it restores. */
export function restore(): void {
  for (let index = 0; index < remembered.length; index++) {
    const one = remembered[index]
    if (one !== undefined) restoreOne(one)
  }
}

function restoreOne({ target, own }: Remembered): void {
  const present = ownKeys(target)
  for (let index = 0; index < present.length; index++) {
    const name = present[index] ?? ''
    if (!hasOwn(own, name)) deleteProperty(target, name)
  }
  const names = ownKeys(own)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    const descriptor = own[name]
    if (descriptor !== undefined) defineProperty(target, name, descriptor)
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
