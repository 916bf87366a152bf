import { DeadLetterPage } from './answers.ts'
import type { Gateway } from './gateway.ts'
import { table, type Output } from './output.ts'
import { pagesOf } from './pages.ts'
import { eventsPath } from './paths.ts'

/** The gateway's own bound. */
const MAX_PAGE = 1000

/** The events of a function that were given up, the oldest first. */
export async function deadList(
  gateway: Gateway,
  output: Output,
  functionName: string,
  limit: number,
): Promise<void> {
  const { items, hasMore } = await pagesOf(limit, async (Marker, size) => {
    const page = await gateway.json(DeadLetterPage, {
      method: 'GET',
      path: `${eventsPath(functionName)}/dead-letters`,
      query: { Marker, MaxItems: String(Math.min(size, MAX_PAGE)) },
    })
    return { items: page.DeadLetters, marker: page.NextMarker }
  })
  if (hasMore) output.remark(`There are more than these ${limit}; --limit shows more.`)
  if (output.isJson) {
    output.line(JSON.stringify({ DeadLetters: items }, null, 2))
    return
  }
  if (items.length === 0) {
    output.remark(`${functionName} has no dead letters.`)
    return
  }
  table(
    output,
    ['REQUEST ID', 'GIVEN UP AT', 'ATTEMPTS', 'REASON'],
    items.map((letter) => [letter.RequestId, letter.DiedAt, letter.Attempts.length, letter.Reason]),
  )
}
