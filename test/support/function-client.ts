import { until, type LocalGateway } from './local-gateway.ts'
import { uploadQuery } from './memory-gateway.ts'
import { signedRequest } from './signed-request.ts'

/** Uploads functions to a running gateway and runs them, until their log tells how they ended. */
export function functionClient(gateway: LocalGateway) {
  async function call(path: string, init: RequestInit, service = 'lambda'): Promise<Response> {
    return fetch(await signedRequest(gateway.url + path, init, { service }))
  }

  async function succeed(response: Response): Promise<void> {
    const text = await response.text()
    if (!response.ok) throw new Error(text)
  }

  async function messagesOf(name: string): Promise<string[]> {
    const init = {
      method: 'POST',
      body: JSON.stringify({ logGroupName: `/aws/lambda/${name}` }),
      headers: {
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
        'content-type': 'application/x-amz-json-1.1',
      },
    }
    const response = await call('/', init, 'logs')
    // Until it has run for the first time, there is no such log group.
    if (response.status === 400) return []
    const { events } = (await response.json()) as { events: { message: string }[] }
    return events.map(({ message }) => message)
  }

  return {
    messagesOf,

    async upload(name: string, zip: Uint8Array<ArrayBuffer>, query: Record<string, string> = {}) {
      const path = `/2014-11-13/functions/${name}?${uploadQuery(query)}`
      await succeed(await call(path, { method: 'PUT', body: zip }))
    },

    /** The messages of the log that come from the function itself, without time and request id. */
    async run(name: string, event: unknown = {}): Promise<string[]> {
      const path = `/2014-11-13/functions/${name}/invoke-async/`
      const before = (await messagesOf(name)).length
      await succeed(await call(path, { method: 'POST', body: JSON.stringify(event) }))
      let messages: string[] = []
      await until(async () => {
        messages = (await messagesOf(name)).slice(before)
        return messages.some((message) => message.startsWith('REPORT'))
      }, 30_000)
      return messages
        .filter((message) => !/^(START|END|REPORT) /.test(message))
        .map((message) => message.replace(/^[^\t]*Z\t[^\t]*\t/, '').trimEnd())
    },
  }
}
