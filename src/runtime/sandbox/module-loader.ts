import { dirname } from 'node:path/posix'
import { builtin, installRequire } from './builtins.ts'
import { bundleFiles } from './bundle-files.ts'
import { createModuleApi, createNamespace, namespaceOf } from './es-modules.ts'
import { moduleFunction, parseJsonFile, scriptFunction } from './module-sources.ts'
import { NativeError, apply, assign, bare, deleteProperty, type Callable } from './primordials.ts'
import { nodeModulesPaths, resolve } from './resolve.ts'

interface UserModule {
  id: string
  filename: string
  exports: unknown
  parent: UserModule | undefined
  children: UserModule[]
  paths: string[]
  loaded: boolean
  require: (request: unknown) => unknown
}

type Target = { kind: 'file'; filename: string } | { kind: 'builtin'; exports: unknown }

// What verify-package.ts asks for; Node's own `require` would not add all of them.
const HANDLER_ENDINGS = ['.js', '.cjs', '.mjs']

export interface ModuleLoader {
  /**
   * What the handler's module exports. It runs when it is asked for the first time; throws what it
   * throws.
   */
  loadHandler(path: string): unknown
}

/** Node's CommonJS over the function's files, with a cache of its own. */
export function createModuleLoader(): ModuleLoader {
  // User code deletes from it and puts stand-ins into it, as `require.cache`.
  const cache: Record<string, { exports: unknown } | undefined> = bare({})
  // Lambda's own program was the main module: in user code `require.main === module` was false.
  const main = createModule('/var/runtime/node_modules/awslambda/index.js', undefined)
  main.id = '.'
  main.loaded = true
  // Only to be looked at: code that is generated from other languages cannot run.
  const extensions = { '.js': undefined, '.json': undefined, '.node': undefined }
  installRequire((filename) => requireOf(createModule(filename, undefined)))
  return {
    loadHandler(path) {
      const endings = /\.[cm]?js$/.test(path) ? ['', ...HANDLER_ENDINGS] : HANDLER_ENDINGS
      const ending = endings.find((one) => bundleFiles.isFile(path + one)) ?? ''
      return main.require(path + ending)
    },
  }

  function createModule(filename: string, parent: UserModule | undefined): UserModule {
    const module: UserModule = {
      id: filename,
      filename,
      exports: {},
      parent,
      children: [],
      paths: nodeModulesPaths(dirname(filename)),
      loaded: false,
      require: (request) => requireFrom(module, request),
    }
    return module
  }

  function requireFrom(parent: UserModule, request: unknown): unknown {
    const target = find(request, parent)
    if (target.kind === 'builtin') return target.exports
    return fileExports(parent, target)
  }

  function fileExports(parent: UserModule, { filename }: { filename: string }): unknown {
    const cached = cache[filename]
    if (cached !== undefined) return cached.exports
    const module = createModule(filename, parent)
    parent.children.push(module)
    cache[filename] = module
    try {
      run(module)
    } catch (error) {
      deleteProperty(cache, filename)
      throw error
    }
    module.loaded = true
    return module.exports
  }

  function run(module: UserModule): void {
    const { filename } = module
    const esModule = moduleFunction(filename)
    if (filename.endsWith('.json')) module.exports = parseJsonFile(filename)
    else if (esModule !== undefined) runModule(module, esModule)
    else apply(scriptFunction(filename), module.exports, scriptArguments(module))
  }

  function runModule(module: UserModule, script: Callable): void {
    const namespace = createNamespace()
    module.exports = namespace
    const load = (request: unknown): object => {
      const target = find(request, module, true)
      return namespaceOf(target.kind === 'file' ? fileExports(module, target) : target.exports)
    }
    const require = requireOf(module)
    apply(script, undefined, [createModuleApi(module.filename, namespace, load, require.resolve)])
  }

  function scriptArguments(module: UserModule): unknown[] {
    return [module.exports, requireOf(module), module, module.filename, dirname(module.filename)]
  }

  function requireOf(module: UserModule) {
    const require: Callable = (request) => requireFrom(module, request)
    const resolvePath = (request: unknown): unknown => {
      const target = find(request, module)
      return target.kind === 'file' ? target.filename : request
    }
    return assign(require, { resolve: resolvePath, cache, main, extensions })
  }
}

function find(request: unknown, from: UserModule, isImport = false): Target {
  if (typeof request !== 'string') throw new TypeError('path must be a string')
  if (request === '') throw new TypeError('missing path')
  const exports = /^[./]/.test(request) ? undefined : builtin(request)
  if (exports !== undefined) return { kind: 'builtin', exports }
  const filename = resolve(request, dirname(from.filename), bundleFiles, isImport)
  if (filename !== undefined) return { kind: 'file', filename }
  const error = new NativeError(`Cannot find module '${request}'`)
  throw assign(error, { code: 'MODULE_NOT_FOUND' })
}
