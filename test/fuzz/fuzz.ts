import type { LocalGateway } from '../support/local-gateway.ts'
import { faultsInLogs } from './faults-in-logs.ts'
import { faultOf } from './fault-of.ts'
import { faultsInStore } from './faults-in-store.ts'
import { gatewayMemory, type GatewayMemory } from './gateway-memory.ts'
import { Ledger } from './ledger.ts'
import { beginnings } from './operations.ts'
import { requestOf } from './request-of.ts'
import { requestSender, type Credentials, type Sent } from './send-request.ts'

/** Nothing else is so long and so odd, so that it is seen wherever it appears. */
export const CREDENTIALS: Credentials = {
  accessKeyId: 'fuzzer',
  secretAccessKey: 'a-secret-that-is-never-to-be-seen',
}
export const VARIABLES = {
  ROOT_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  ROOT_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  FUNCTION_CONCURRENCY: '2',
}

const AT_ONCE = 8

export interface FuzzReport {
  /** Each with how to send its request again. */
  faults: string[]
  /** How often each operation was answered with each status. */
  statuses: Record<string, Record<string, number>>
  /** At the start, and after each part of the run. */
  memory: GatewayMemory[]
  ledger: Ledger
}

interface FuzzOptions {
  seed: number
  requests: number
  /** How often all is held up, to see what is stored and how much memory it takes. */
  parts: number
  onPart?: (done: number, memory: GatewayMemory) => void
}

/** Sends the requests of a seed to a gateway, several at once, and judges every answer. */
export async function fuzz(
  gateway: LocalGateway,
  { seed, requests, parts, onPart }: FuzzOptions,
): Promise<FuzzReport> {
  const send = requestSender(gateway.port, CREDENTIALS)
  const ledger = new Ledger()
  const report: FuzzReport = { faults: [], statuses: {}, memory: [], ledger }

  for (const setUp of beginnings()) ledger.note(await send(setUp))
  report.memory.push(await gatewayMemory(gateway))
  let index = 0
  for (let part = 1; part <= parts; part++) {
    const end = Math.round((requests * part) / parts)
    const lane = async () => {
      while (index < end) await one(index++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    const faults = await faultsInStore(gateway.url, CREDENTIALS, ledger)
    report.faults.push(...faults.map((fault) => `after request ${end}: ${fault}`))
    const memory = await gatewayMemory(gateway)
    report.memory.push(memory)
    onPart?.(end, memory)
  }
  report.faults.push(...(await faultsInLogs(gateway.url, CREDENTIALS, ledger)))
  report.faults.push(...faultsInOutput(gateway.output()))
  return report

  async function one(at: number): Promise<void> {
    const sent = await send(requestOf(seed, at))
    ledger.note(sent)
    count(report.statuses, sent)
    const fault = faultOf(sent, CREDENTIALS)
    if (fault !== undefined) {
      report.faults.push(`--seed ${seed} --only ${at}: ${fault}\n${described(sent)}`)
    }
  }
}

/** The gateway logs what it did not expect, also where no answer can tell it. */
function faultsInOutput(output: string): string[] {
  // npm shows the command that it runs; wrangler itself misses who hung up, and workerd some tail of
  // its own: no output of a function was ever missing for it.
  const lines = output
    .split('\n')
    .filter((line) => !/^> |inside ProxyWorker|Failed to drain|tail session/.test(line))
  const faults = lines.filter((line) => /"level":"error"|Uncaught|ERROR/.test(line))
  const secrets = lines.filter((line) => line.includes(CREDENTIALS.secretAccessKey))
  return [
    ...faults.map((line) => `the gateway logged: ${line.slice(0, 2000)}`),
    ...secrets.map((line) => `the gateway printed its secret: ${line.slice(0, 2000)}`),
  ]
}

function count(statuses: FuzzReport['statuses'], { request: { operation }, outcome }: Sent): void {
  const status = outcome.kind === 'answered' ? outcome.answer.status : outcome.kind
  const row = (statuses[operation] ??= {})
  row[status] = (row[status] ?? 0) + 1
}

/** A request and its answer, for people. */
export function described({ request: sent, outcome }: Sent): string {
  const { body, ...head } = sent
  const lines = [
    JSON.stringify(head).slice(0, 2000),
    `body of ${body.length} bytes: ${JSON.stringify(Buffer.from(body.subarray(0, 200)).toString('latin1'))}`,
  ]
  if (outcome.kind !== 'answered') return [...lines, outcome.kind].join('\n')
  const { answer } = outcome
  const headers = JSON.stringify(Object.fromEntries(answer.headers))
  const text = answer.body.subarray(0, 500).toString('latin1')
  return [...lines, `${answer.status} ${headers}`, text].join('\n')
}
