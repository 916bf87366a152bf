import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import process from 'node:process'
import { apply, isCallable, set, type Callable } from './primordials.ts'

const nextTick = process.nextTick.bind(process)

/**
 * A client that sends `Expect: 100-continue` holds its body back until it is told to go on, and
 * workerd's `fetch` never tells (measured): aws-sdk v2 does so for each S3 object over 1 MB.
 */
export function installExpectContinue(): void {
  for (const module of [http, https]) {
    const original: unknown = module.request
    if (!isCallable(original)) continue
    const request: Callable = (...args) => {
      const outgoing = apply(original, module, args) as ClientRequest // what `request` returns
      if (/^100-continue$/i.test(String(outgoing.getHeader('expect')))) {
        outgoing.removeHeader('expect')
        nextTick(() => outgoing.emit('continue'))
      }
      return outgoing
    }
    set(module, 'request', request)
  }
}
