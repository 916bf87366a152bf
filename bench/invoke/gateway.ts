import { startGateway } from '../../test/support/local-gateway.ts'
import { uploadQuery, zipOf } from '../../test/support/memory-gateway.ts'
import { signedRequest } from '../../test/support/signed-request.ts'
import { startsIn, type Server } from './server.ts'
import { signedEvent } from './signed-event.ts'

const QUICK = `exports.handler = function (event, context) {
  console.log('started ' + event.n + ' ' + Date.now())
  context.done(null, 'done')
}`
const SLOW = `exports.handler = function (event, context) { setTimeout(context.done, 30000) }`

interface Gateway extends Server {
  /** Starts so many events of another function, which take half a minute. */
  occupy(events: number): Promise<void>
}

/** `npm start`, with a function that prints a line and ends. */
export async function startGatewayServer(): Promise<Gateway> {
  const gateway = await startGateway()
  const functions = `${gateway.url}/2014-11-13/functions`

  async function ask<Answer>(request: Request): Promise<Answer> {
    const response = await fetch(request)
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return (text === '' ? {} : JSON.parse(text)) as Answer
  }

  async function upload(name: string, source: string) {
    const query = uploadQuery({ Timeout: '60' })
    const init = { method: 'PUT', body: zipOf({ 'index.js': source }) }
    await ask(await signedRequest(`${functions}/${name}?${query}`, init))
  }

  const started = new Map<number, number>()
  let newestMilliseconds = 0

  /** Reads on where it came to last: no line is older than those that were there before it. */
  async function readLog(nextToken?: string): Promise<void> {
    const body = JSON.stringify({
      logGroupName: '/aws/lambda/load',
      filterPattern: 'started',
      startTime: newestMilliseconds,
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    const headers = { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
    const init = { method: 'POST', headers, body }
    const page = await ask<{
      events: { message: string; timestamp: number }[]
      nextToken?: string
    }>(await signedRequest(`${gateway.url}/`, init, { service: 'logs' }))
    for (const [n, at] of startsIn(page.events.map(({ message }) => message).join(''))) {
      started.set(n, at)
    }
    if (page.nextToken !== undefined) return readLog(page.nextToken)
    newestMilliseconds = page.events.at(-1)?.timestamp ?? newestMilliseconds
  }

  async function completed(): Promise<number> {
    const url = `${gateway.url}/gateway/functions/load/invocations/count`
    const counts = await ask<Record<string, number>>(await signedRequest(url))
    return counts['Succeeded'] ?? 0
  }

  await upload('load', QUICK)
  await upload('slow', SLOW)
  return {
    name: 'gateway',
    promise: 'signed and checked; durable once in its inbox; tried three times; logged',
    requests: (numbers) => Promise.all(numbers.map((n) => signedEvent(gateway.url, 'load', { n }))),
    completed,
    async starts() {
      await readLog()
      return started
    },
    async occupy(events) {
      for (let n = 0; n < events; n++) {
        const { url, ...init } = await signedEvent(gateway.url, 'slow', {})
        await fetch(url, { method: 'POST', ...init })
      }
    },
    stop: () => gateway.stop(),
  }
}
