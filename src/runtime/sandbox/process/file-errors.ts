import { NativeError, assign, isError } from '../primordials.ts'
import { fromBundle } from './bundle-files.ts'
import { processFolder } from './node-modules.ts'

/** What the functions of `node:fs` ask the system for, where that has another name. */
const SYSTEM_CALLS: Record<string, string> = {
  appendFile: 'open',
  createReadStream: 'open',
  createWriteStream: 'open',
  readFile: 'open',
  writeFile: 'open',
  readdir: 'scandir',
}

/** An error of a function of `node:fs`, with the function's own paths, and in the system's words. */
export function presentError(error: unknown, name = '', path = ''): unknown {
  if (!isError(error)) return error
  if (error.name === 'NotCapable') return denied(error, name.replace(/Sync$/, ''), path)
  if (error.message.includes(processFolder)) {
    error.message = error.message
      .replaceAll(`${processFolder}/task`, () => '/var/task')
      .replaceAll(`${processFolder}/tmp`, () => '/tmp')
  }
  for (const member of ['path', 'dest'] as const) {
    const given: unknown = Reflect.get(error, member)
    if (typeof given === 'string') Reflect.set(error, member, fromBundle(given))
  }
  return error
}

/** Deno speaks of its command line where a system would have spoken of permissions. */
function denied(error: Error, name: string, path: string): Error {
  const isReadOnly = /^\/var\//.test(path) && /write/i.test(error.message)
  const [code, text, errno] = isReadOnly
    ? ['EROFS', 'read-only file system', -30]
    : ['EACCES', 'permission denied', -13]
  const syscall = SYSTEM_CALLS[name] ?? name
  const told = new NativeError(`${code}: ${text}, ${syscall} '${path}'`)
  return assign(told, { code, errno, syscall, path })
}
