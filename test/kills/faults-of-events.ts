import { until, type LocalGateway } from '../support/local-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import type { Witness } from '../support/witness.ts'
import type { Edition } from './edition.ts'
import type { PromisedEvent, Promises } from './promises.ts'

export interface EventAccount {
  accepted: number
  succeeded: number
  dead: number
  /** Still in the simulated queue's memory when that was killed. */
  lostInQueue: number
}

interface World {
  gateway: LocalGateway
  promised: Promises
  witness: Witness
  killedAt: readonly number[]
  edition: Edition
}

/** What a queue had for so long when it was killed was not handed over by mistake. */
const IN_QUEUE_MILLISECONDS = 5000
const AT_ONCE = 4

/** What became of every event that was accepted, once all have come to rest. */
export async function faultsOfEvents(
  { gateway, promised, witness, killedAt, edition }: World,
  restMilliseconds: number,
): Promise<{ faults: string[]; account: EventAccount }> {
  const faults: string[] = []
  const account = { accepted: promised.events.size, succeeded: 0, dead: 0, lostInQueue: 0 }

  async function stateOf(requestId: string, functionName: string): Promise<string | undefined> {
    const path = `/gateway/functions/${functionName}/invocations/${requestId}`
    const response = await fetch(await signedRequest(gateway.url + path))
    if (response.status === 404) {
      await response.arrayBuffer()
      return undefined
    }
    return ((await response.json()) as { State: string }).State
  }

  /** Only an event that nobody ever saw, and that had just been accepted, may be missing. */
  function judgeMissing(requestId: string, event: PromisedEvent): void {
    const wasSeen = witness.sightings.some(({ path }) => path.endsWith(`/${event.number}/`))
    const age =
      Math.min(...killedAt.filter((at) => at >= event.acceptedAtMilliseconds)) -
      event.acceptedAtMilliseconds
    if (!edition.keepsQueue && !wasSeen && age < IN_QUEUE_MILLISECONDS) account.lostInQueue += 1
    else faults.push(`${requestId} of ${event.functionName} is lost (seen: ${wasSeen}, ${age} ms)`)
  }

  async function settle([requestId, event]: [string, PromisedEvent]): Promise<void> {
    let state: string | undefined
    const isAtRest = async () => {
      state = await stateOf(requestId, event.functionName)
      return state === undefined || state === 'succeeded' || state === 'dead'
    }
    await until(isAtRest, restMilliseconds).catch(() => undefined)
    if (state === 'succeeded') account.succeeded += 1
    else if (state === 'dead') account.dead += 1
    else if (state === undefined) judgeMissing(requestId, event)
    else faults.push(`${requestId} of ${event.functionName} is still ${state}`)
  }

  const waiting = [...promised.events]
  const clerk = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await settle(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, clerk))
  return { faults, account }
}
