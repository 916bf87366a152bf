import { until, type LocalGateway } from '../support/local-gateway.ts'
import { uploadQuery } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import type { LoadFunction } from './load-functions.ts'

export interface Phase {
  functions: readonly LoadFunction[]
  connections: number
  /** Whether to go on; asked before every event. */
  goesOn: () => boolean
}

/** Answers of 5xx are refusals under load: they are counted, and nothing is promised by them. */
export interface Sent {
  accepted: number
  refused: number
}

/** What sends events to a gateway, and knows how many it was to keep. */
export function loadClient(gateway: LocalGateway) {
  const accepted = new Map<string, number>()
  /** When the sampled events were accepted, by their number. */
  const acceptedAt = new Map<number, number>()
  let lastNumber = 0

  async function call(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const init = body === undefined ? { method } : { method, body }
    return fetch(await signedRequest(gateway.url + path, init))
  }

  async function counts(name: string): Promise<Record<string, number>> {
    const response = await call('GET', `/gateway/functions/${name}/invocations/count`)
    return (await response.json()) as Record<string, number>
  }

  return {
    accepted,
    acceptedAt,

    async upload({ name, zip }: LoadFunction): Promise<void> {
      const path = `/2014-11-13/functions/${name}?${uploadQuery({ Timeout: '10' })}`
      const response = await call('PUT', path, zip)
      if (!response.ok) throw new Error(await response.text())
    },

    /** Sends to the functions in turn, as fast as the connections allow. */
    async send({ functions, connections, goesOn }: Phase): Promise<Sent> {
      const sent = { accepted: 0, refused: 0 }
      const connection = async () => {
        while (goesOn()) {
          const number = ++lastNumber
          const target = functions[number % functions.length]
          if (target === undefined) return
          const body = JSON.stringify(target.eventOf(number))
          const path = `/2014-11-13/functions/${target.name}/invoke-async/`
          const response = await call('POST', path, body)
          const now = performance.now()
          await response.arrayBuffer()
          if (response.status === 202) {
            sent.accepted += 1
            accepted.set(target.name, (accepted.get(target.name) ?? 0) + 1)
            if (target.isHealthy) acceptedAt.set(number, now)
          } else sent.refused += 1
        }
      }
      await Promise.all(Array.from({ length: connections }, connection))
      return sent
    },

    /** Waits until nothing is on its way any more, and tells of which functions events are missing. */
    async missing(limitMilliseconds: number): Promise<string[]> {
      const faults: string[] = []
      for (const [name, count] of accepted) {
        let known: Record<string, number> = {}
        const isAtRest = async () => {
          known = await counts(name)
          return (known.Succeeded ?? 0) + (known.Dead ?? 0) >= count
        }
        await until(isAtRest, limitMilliseconds).catch(() =>
          faults.push(`${name}: ${count} accepted, ${JSON.stringify(known)}`),
        )
      }
      return faults
    },
  }
}
