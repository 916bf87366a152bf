import { Hono } from 'hono'
import { authorize } from '../src/aws/caller.ts'
import { hmacSha256, sha256Hex } from '../src/aws/hmac.ts'
import { encodeUtf8 } from '../src/aws/utf8.ts'
import { authenticate } from '../src/gateway/authenticate.ts'
import { readBody } from '../src/gateway/read-body.ts'
import type { Front } from '../src/ports/front.ts'
import { iamGateway, signedBy, type Credentials } from '../test/support/iam-gateway.ts'
import { ORIGIN } from '../test/support/memory-gateway.ts'
import { sign } from '../test/support/sign.ts'
import { basicIso } from '../test/support/wire.ts'

// What it costs to know who sent a request and whether he may: the signature and the policies, of
// the root, of a user and of a role, with nothing known and with all of it known. Beside it the
// hashes that a signature is made of, bare. Without the HTTP around, which is measured and taken off.

const ROUNDS = 2000
const WARM_UP = 200
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const TARGET = `${ORIGIN}/2014-11-13/functions/f/invoke-async/`
const BODY = JSON.stringify({ key: 'value' })

const gateway = iamGateway()
const { ports } = gateway
const allow = { Effect: 'Allow', Action: 'lambda:InvokeAsync', Resource: FUNCTION }
const people: Record<string, Credentials> = {
  root: { accessKeyId: 'local', secretAccessKey: 'local' },
  user: await gateway.user('ann', allow),
}
await gateway.role('r', '*', allow)
people.role = await gateway.assume('arn:aws:iam::000000000000:role/r')

/** A request is built, sent through, and answered by nothing. */
function appWith(isAuthenticated: boolean) {
  const app = new Hono<Front>()
  app.use(async (c, next) => {
    c.set('ports', ports)
    await next()
  })
  if (!isAuthenticated) return app.post('*', async (c) => c.body(await c.req.text()))
  app.use(authenticate())
  app.use(readBody)
  return app.post('*', (c) => {
    authorize(c.var.caller, { action: 'lambda:InvokeAsync', resource: FUNCTION })
    return c.body(null, 202)
  })
}

/** Microseconds of one, of the middle of ten parts. */
async function microseconds(one: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < WARM_UP; round++) await one()
  const parts: number[] = []
  for (let part = 0; part < 10; part++) {
    const start = performance.now()
    for (let round = 0; round < ROUNDS / 10; round++) await one()
    parts.push(((performance.now() - start) * 1000) / (ROUNDS / 10))
  }
  return parts.sort((a, b) => a - b)[5] ?? 0
}

function chain(isCold: boolean): Promise<void> {
  sha256Hex(BODY)
  sha256Hex('a canonical request is some three hundred characters long'.repeat(5))
  if (!isCold) {
    hmacSha256(LAST_KEY, 'a text to sign')
    return Promise.resolve()
  }
  let key: Uint8Array = encodeUtf8('AWS4secret')
  for (const part of ['20150106', 'us-east-1', 'lambda', 'aws4_request']) {
    key = hmacSha256(key, part)
  }
  hmacSha256(key, 'a text to sign')
  return Promise.resolve()
}

const LAST_KEY = encodeUtf8('a key')
const bare = appWith(false)

type App = ReturnType<typeof appWith>

async function senderOf(credentials: Credentials) {
  const datetime = basicIso(ports.now())
  const headers = await sign('POST', TARGET, BODY, { datetime, ...signedBy(credentials) })
  headers.set('content-length', String(BODY.length))
  return async (app: App) => {
    const response = await app.request(TARGET, { method: 'POST', headers, body: BODY })
    if (!response.ok) throw new Error(await response.text())
  }
}

const cases: [name: string, cold: () => Promise<number>, cached: () => Promise<number>][] = [
  ['hashes alone', () => microseconds(() => chain(true)), () => microseconds(() => chain(false))],
]
for (const [name, credentials] of Object.entries(people)) {
  const send = await senderOf(credentials)
  const warm = appWith(true)
  const around = () => microseconds(() => send(bare))
  const made = () => microseconds(() => Promise.resolve(appWith(true)))
  const cold = async () =>
    (await microseconds(() => send(appWith(true)))) - (await made()) - (await around())
  const cached = async () => (await microseconds(() => send(warm))) - (await around())
  cases.push([name, cold, cached])
}

// By turns, and the quickest of three: a busy machine slows down some of it at any time.
const best = new Map<string, [number, number]>()
for (let turn = 0; turn < 3; turn++) {
  for (const [name, cold, cached] of cases) {
    const [oldCold, oldCached] = best.get(name) ?? [Infinity, Infinity]
    best.set(name, [Math.min(oldCold, await cold()), Math.min(oldCached, await cached())])
  }
}
console.log('microseconds        cold  cached')
for (const [name, columns] of best) {
  console.log(name.padEnd(16) + columns.map((one) => one.toFixed(0).padStart(8)).join(''))
}
