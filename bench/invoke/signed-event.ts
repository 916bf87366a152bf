import { sign } from '../../test/support/sign.ts'
import type { EventRequest } from './server.ts'

/** InvokeAsync of a function of the gateway at this URL. */
export async function signedEvent(
  gatewayUrl: string,
  functionName: string,
  event: object,
): Promise<EventRequest> {
  const url = `${gatewayUrl}/2014-11-13/functions/${functionName}/invoke-async/`
  const body = JSON.stringify(event)
  return { url, headers: Object.fromEntries(await sign('POST', url, body)), body }
}
