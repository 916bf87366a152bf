import { until } from '../support/local-gateway.ts'
import { sign } from '../support/sign.ts'
import type { Ledger } from './ledger.ts'
import { PRINTED, STEADY } from './operations.ts'
import type { Credentials } from './send-request.ts'

interface Page {
  events: { message: string }[]
  nextToken?: string
}

/** Whether every event that was accepted has run once, by what it printed. */
export async function faultsInLogs(
  origin: string,
  credentials: Credentials,
  ledger: Ledger,
): Promise<string[]> {
  async function printedBy(functionName: string): Promise<number> {
    let count = 0
    for (let page: Partial<Page> = { nextToken: '' }; page.nextToken !== undefined;) {
      const token = page.nextToken === '' ? {} : { nextToken: page.nextToken }
      const input = { logGroupName: `/aws/lambda/${functionName}`, filterPattern: `"${PRINTED}"` }
      const body = JSON.stringify({ ...input, ...token })
      const signed = { 'x-amz-target': 'Logs_20140328.FilterLogEvents' }
      const options = { ...credentials, signed, service: 'logs' }
      const headers = await sign('POST', `${origin}/`, body, options)
      const response = await fetch(`${origin}/`, { method: 'POST', headers, body })
      page = (await response.json()) as Partial<Page>
      count += page.events?.length ?? 0
    }
    return count
  }

  const faults: string[] = []
  for (const name of STEADY) {
    const accepted = ledger.events.get(name) ?? 0
    const isDone = async () => (await printedBy(name)) >= accepted
    await until(isDone, 30_000).catch(() => undefined)
    const printed = await printedBy(name)
    if (printed !== accepted) faults.push(`${name} ran ${printed} of ${accepted} events`)
  }
  return faults
}
