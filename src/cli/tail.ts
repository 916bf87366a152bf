import { setTimeout as wait } from 'node:timers/promises'
import { LogPage } from './answers.ts'
import { Failure } from './failure.ts'
import { Refusal, type Gateway } from './gateway.ts'
import type { Output } from './output.ts'

const POLL_MILLISECONDS = 1000

interface Range {
  sinceMilliseconds: number
  isFollowing: boolean
}

/**
 * What a function wrote, and with `isFollowing` what it goes on to write. The gateway gives lines
 * that are new later times than all that were read before, so asking from the last one on misses none.
 */
export async function tail(
  gateway: Gateway,
  output: Output,
  functionName: string,
  { sinceMilliseconds, isFollowing }: Range,
): Promise<void> {
  let startTime = sinceMilliseconds
  let seen = new Set<string>()
  let hasPrinted = false
  do {
    for await (const event of eventsSince(gateway, functionName, startTime, isFollowing)) {
      if (seen.has(event.eventId)) continue
      if (event.timestamp > startTime) [startTime, seen] = [event.timestamp, new Set()]
      seen.add(event.eventId)
      hasPrinted = true
      output.line(output.isJson ? JSON.stringify(event) : event.message.replace(/\n$/, ''))
    }
    if (isFollowing) await wait(POLL_MILLISECONDS)
  } while (isFollowing)
  if (!hasPrinted) {
    output.remark(`${functionName} wrote nothing since then; --since looks further back.`)
  }
}

/** A function that has not run yet has no log; who follows it waits for it. */
async function* eventsSince(
  gateway: Gateway,
  functionName: string,
  startTime: number,
  isFollowing: boolean,
) {
  let nextToken: string | undefined
  do {
    const input = { logGroupName: `/aws/lambda/${functionName}`, startTime, nextToken }
    const page = await gateway.logs(LogPage, 'FilterLogEvents', input).catch((error: unknown) => {
      const isMissing = error instanceof Refusal && error.code === 'ResourceNotFoundException'
      if (!isMissing) throw error
      if (isFollowing) return { events: [], nextToken: undefined }
      throw new Failure(`${functionName} has no log: it never ran, or there is no such function`)
    })
    yield* page.events
    nextToken = page.nextToken
  } while (nextToken !== undefined)
}
