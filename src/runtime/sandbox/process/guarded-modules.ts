import nodeModule from 'node:module'
import nodeProcess from 'node:process'
import { builtin, refusal } from '../builtins.ts'
import { apply, get, isCallable, set, type Callable } from '../primordials.ts'
import { requireModule } from './node-modules.ts'

const EACCES = -13

/**
 * Refuses what `require` refuses to those who come another way, too. Deno's own loader is one:
 * what `createRequire` makes and `Module.prototype.require` ask its `_load`. By `import`, which `vm`
 * can do, the modules themselves are had, so there what Deno lets pass is refused inside of them;
 * all else, such as child processes, it refuses itself.
 */
export function guardModules(): void {
  const load: unknown = get(nodeModule, '_load')
  if (!isCallable(load)) return
  const guarded: Callable = (request, ...rest) => {
    const module = typeof request === 'string' ? builtin(request) : undefined
    return module ?? apply(load, nodeModule, [request, ...rest])
  }
  set(nodeModule, '_load', guarded)
  set(requireModule('worker_threads') as object, 'Worker', refusal('worker_threads', 'Worker'))
  guardDatagrams()
}

/** Deno lets a socket be bound to any address that may be connected to, which is `FETCH_HOST`. */
function guardDatagrams(): void {
  const binding: unknown = get(nodeProcess, 'binding')
  const wrap = isCallable(binding) ? binding('udp_wrap') : undefined
  const { prototype } = get(wrap as object, 'UDP') as { prototype: object }
  for (const name of ['bind', 'bind6', 'open']) set(prototype, name, () => EACCES)
}
