import { startGateway } from '../../test/support/local-gateway.ts'
import { uploadQuery, zipOf } from '../../test/support/memory-gateway.ts'
import { sign } from '../../test/support/sign.ts'
import { signedRequest } from '../../test/support/signed-request.ts'
import { startsIn, type Server } from './server.ts'

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

  async function requestOf(name: string, event: object) {
    const url = `${functions}/${name}/invoke-async/`
    const body = JSON.stringify(event)
    return { url, headers: Object.fromEntries(await sign('POST', url, body)), body }
  }

  async function logOf(nextToken?: string): Promise<string> {
    const body = JSON.stringify({
      logGroupName: '/aws/lambda/load',
      filterPattern: 'started',
      ...(nextToken === undefined ? {} : { nextToken }),
    })
    const headers = { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
    const init = { method: 'POST', headers, body }
    const page = await ask<{ events: { message: string }[]; nextToken?: string }>(
      await signedRequest(`${gateway.url}/`, init, { service: 'logs' }),
    )
    const text = page.events.map(({ message }) => message).join('')
    return page.nextToken === undefined ? text : text + (await logOf(page.nextToken))
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
    requests: (numbers) => Promise.all(numbers.map((n) => requestOf('load', { n }))),
    completed,
    starts: async () => startsIn(await logOf()),
    async occupy(events) {
      for (let n = 0; n < events; n++) {
        const { url, ...init } = await requestOf('slow', {})
        await fetch(url, { method: 'POST', ...init })
      }
    },
    stop: () => gateway.stop(),
  }
}
