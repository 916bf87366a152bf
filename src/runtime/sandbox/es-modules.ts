import { dirname } from 'node:path/posix'
import type nodeUrl from 'node:url'
import { requireModule } from './node-modules.ts'
import { bare, hasOwn, keys } from './primordials.ts'

type Getters = Record<string, () => unknown>

const namespaces = new WeakSet<object>()
const { defineProperty } = Object

/** An ES module's namespace: names are added as getters, so that importers see what they are now. */
export function createNamespace(): object {
  const namespace = bare({})
  namespaces.add(namespace)
  defineProperty(namespace, Symbol.toStringTag, { value: 'Module' })
  return namespace
}

/** What `import` finds in whatever a module exports: CommonJS has all of it as `default`, too. */
export function namespaceOf(exports: unknown): object {
  const isObject =
    (typeof exports === 'object' && exports !== null) || typeof exports === 'function'
  if (isObject && namespaces.has(exports)) return exports
  const namespace = createNamespace()
  addGetters(namespace, { default: () => exports })
  if (isObject) addMembers(namespace, exports)
  return namespace
}

/** What an ES module is passed as `__module`. */
export function createModuleApi(
  filename: string,
  namespace: object,
  load: (request: unknown) => object,
  resolve: unknown,
) {
  const url = (requireModule('node:url') as typeof nodeUrl).pathToFileURL(filename).href
  return {
    export: (getters: Getters) => {
      addGetters(namespace, getters)
    },
    import: load,
    star: (other: object) => {
      addMembers(namespace, other)
    },
    dynamic: async (request: unknown) => Promise.resolve(String(request)).then(load),
    meta: bare({ url, filename, dirname: dirname(filename), resolve }),
  }
}

function addMembers(namespace: object, from: object): void {
  for (const name of keys(from)) {
    if (name === 'default' || hasOwn(namespace, name)) continue
    addGetters(namespace, { [name]: () => Reflect.get(from, name) as unknown })
  }
}

function addGetters(namespace: object, getters: Getters): void {
  for (const name of keys(getters)) {
    const get = getters[name] ?? (() => undefined)
    defineProperty(namespace, name, { get, enumerable: true, configurable: true })
  }
}
