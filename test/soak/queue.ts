import type { Delivery } from '../../src/delivery/consume-invocations.ts'
import type { Random } from '../support/random.ts'

interface Message {
  id: string
  body: unknown
  attempts: number
  visibleAtMilliseconds: number
  /** Set while a consumer has it. */
  isTaken: boolean
}

/** After this a message that nobody settled is delivered again. */
const VISIBILITY_MILLISECONDS = 15 * 60_000

/** A queue as Cloudflare promises it: at least once, in any order. */
export function soakQueue(random: Random, now: () => number) {
  const messages: Message[] = []
  let ids = 0

  function delivery(message: Message): Delivery {
    const { id, body, attempts } = message
    let isSettled = false
    const settle = (then: () => void) => () => {
      // A consumer that comes too late settles what was delivered again meanwhile.
      if (isSettled || message.attempts !== attempts) return
      isSettled = true
      then()
    }
    return {
      id,
      body,
      attempts,
      ack: settle(() => void messages.splice(messages.indexOf(message), 1)),
      retry: (options) =>
        settle(() => {
          message.isTaken = false
          message.visibleAtMilliseconds = now() + (options?.delaySeconds ?? 0) * 1000
        })(),
    }
  }

  return {
    messages,
    send(body: unknown): Promise<void> {
      ids += 1
      messages.push({
        id: String(ids),
        body,
        attempts: 0,
        visibleAtMilliseconds: now(),
        isTaken: false,
      })
      // The same message once more: at least once.
      if (random.chance(0.01)) void this.send(body)
      return Promise.resolve()
    },
    /** Some messages that are due, each in the hands of this consumer from now on. */
    batch(): Delivery[] {
      const due = messages.filter((one) => one.visibleAtMilliseconds <= now())
      const taken: Delivery[] = []
      for (let count = 1 + random.below(10); count > 0 && due.length > 0; count -= 1) {
        const [message] = due.splice(random.below(due.length), 1)
        if (message === undefined) break
        message.attempts += 1
        message.isTaken = true
        message.visibleAtMilliseconds = now() + VISIBILITY_MILLISECONDS
        taken.push(delivery(message))
      }
      return taken
    },
  }
}
