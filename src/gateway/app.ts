import { Hono, type Context, type Next } from 'hono'
import { createMiddleware } from 'hono/factory'
import { ServiceError } from '../aws/service-error.ts'
import { eventSourceMappings } from '../lambda/event-source-routes.ts'
import { functions } from '../lambda/routes.ts'
import type { Front } from '../ports/front.ts'
import type { Ports } from '../ports/ports.ts'
import { authenticate } from './authenticate.ts'
import { downloadCode } from './download-code.ts'
import { answerError } from './errors.ts'
import { extensions } from '../extensions/routes.ts'
import { jsonProtocol } from './json-protocol.ts'
import { isQueryProtocol, queryProtocol } from './query-protocol.ts'
import { readBody } from './read-body.ts'

/**
 * The front door, in the order a request passes it: request id, the open routes, the signature,
 * the body, the route, and AWS's form for whatever went wrong.
 */
export function createApp(portsOf: (bindings: object) => Ports, newId: () => string) {
  const app = new Hono<Front>({ strict: false })
  app.use(async (c, next) => {
    const requestId = newId()
    c.set('requestId', requestId)
    c.header('x-amzn-RequestId', requestId)
    c.set('ports', portsOf(c.env))
    await next()
  })
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.all('/code/:functionName/:object', downloadCode)
  app.use(authenticate())
  app.use(onlyMethodsOfTheApi)
  app.use(readBody)
  app.route('/2014-11-13/functions', functions)
  app.route('/2014-11-13/event-source-mappings', eventSourceMappings)
  app.route('/gateway', extensions)
  app.on(['GET', 'POST'], '/', operationsOfRoot)
  app.notFound((c) => {
    const { method, path } = c.req
    // What a client asks for that has a later model than the one there is here.
    const isLater = /^\/20\d\d-\d\d-\d\d\//.test(path) && !path.startsWith('/2014-11-13/')
    const hint = isLater ? '. Version 2014-11-11 is served: clients need its model, see README' : ''
    const message = `There is no operation ${method} ${path}${hint}`
    return answerError(new ServiceError('UnknownOperationException', message), c)
  })
  app.onError(answerError)
  return app
}

/** `/` is where the services are whose operations are not told by their paths. */
function operationsOfRoot(c: Context<Front>, next: Next) {
  const { pathname, search } = new URL(c.req.url)
  const request = { path: pathname, query: search.slice(1), headers: c.req.raw.headers }
  if (isQueryProtocol(request)) return queryProtocol(c)
  return c.req.method === 'POST' ? jsonProtocol(c) : next()
}

// Hono would serve HEAD by the handler of GET, which no operation of the API has.
const onlyMethodsOfTheApi = createMiddleware<Front>(async (c, next) => {
  if (c.req.method === 'HEAD' || c.req.method === 'OPTIONS') {
    throw new ServiceError(
      'MethodNotAllowedException',
      `No operation has the method ${c.req.method}`,
    )
  }
  await next()
})
