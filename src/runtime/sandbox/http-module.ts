import type { ClientRequest } from 'node:http'
import { apply, get, isCallable, set, type Callable } from './primordials.ts'
import { theProcess } from './process.ts'

type HttpModule = (module: object, name: string) => object

const patched = new WeakSet()

/**
 * `http` or `https`, as they are required: to import them here would add a fifth to every cold
 * start. A client that sends `Expect: 100-continue` holds its body back until it is told to go on,
 * and workerd's `fetch` never tells (measured): aws-sdk v2 does so for each S3 object over 1 MB.
 */
export const httpModule: HttpModule = (module) => {
  const original: unknown = get(module, 'request')
  if (patched.has(module) || !isCallable(original)) return module
  const request: Callable = (...args) => {
    const outgoing = apply(original, module, args) as ClientRequest // what `request` returns
    if (/^100-continue$/i.test(String(outgoing.getHeader('expect')))) {
      outgoing.removeHeader('expect')
      theProcess().nextTick(() => outgoing.emit('continue'))
    }
    const keepAlive: unknown = get(outgoing, 'setSocketKeepAlive')
    if (isCallable(keepAlive)) {
      // The delay could be left out.
      set(outgoing, 'setSocketKeepAlive', (isOn = false, delay = 0) =>
        apply(keepAlive, outgoing, [isOn, delay]),
      )
    }
    return outgoing
  }
  set(module, 'request', request)
  patched.add(module)
  return module
}
