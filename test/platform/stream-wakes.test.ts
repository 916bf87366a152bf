import { expect, test } from 'vitest'
import { directWakes } from '../../src/platform/cloudflare/stream-wakes.ts'

/** A queue that may be out of reach, and pumps of which `lost` is. */
function wakesOf({ hasQueue = true } = {}) {
  const woken: string[] = []
  const tickets: unknown[] = []
  const afterwards: Promise<unknown>[] = []
  const wakes = directWakes({
    pumps: {
      wake(pump) {
        if (pump === 'lost') return Promise.reject(new Error('no such object just now'))
        return Promise.resolve(void woken.push(pump))
      },
    },
    queue(ticket) {
      if (!hasQueue) return Promise.reject(new Error('no queue either'))
      return Promise.resolve(tickets.push(ticket))
    },
    waitUntil: (work) => void afterwards.push(work),
  })
  return { wakes, woken, tickets, afterwards }
}

test('pumps are woken behind the answer', async () => {
  const { wakes, woken, tickets, afterwards } = wakesOf()
  await wakes.send(['one', 'two'])
  expect(woken).toEqual([])
  await Promise.all(afterwards)
  expect({ woken, tickets }).toEqual({ woken: ['one', 'two'], tickets: [] })
})

test('a pump that cannot be reached has its ticket in the queue, and the others none', async () => {
  const { wakes, woken, tickets, afterwards } = wakesOf()
  await wakes.send(['one', 'lost'])
  await Promise.all(afterwards)
  expect({ woken, tickets }).toEqual({ woken: ['one'], tickets: [{ wake: ['lost'] }] })
})

test('without a queue the others are woken all the same', async () => {
  const { wakes, woken, afterwards } = wakesOf({ hasQueue: false })
  await wakes.send(['lost', 'one'])
  await Promise.all(afterwards)
  expect(woken).toEqual(['one'])
})
