import { InvocationPage } from './answers.ts'
import type { Gateway } from './gateway.ts'
import { table, type Output } from './output.ts'
import { pagesOf } from './pages.ts'
import { eventsPath } from './paths.ts'

/** The gateway's own bound. */
const MAX_PAGE = 1000

interface Choice {
  state?: string
  limit: number
}

/** What became of a function's events, the newest first. */
export async function invocations(
  gateway: Gateway,
  output: Output,
  functionName: string,
  { state, limit }: Choice,
): Promise<void> {
  const { items, hasMore } = await pagesOf(limit, async (Marker, size) => {
    const page = await gateway.json(InvocationPage, {
      method: 'GET',
      path: `${eventsPath(functionName)}/invocations`,
      query: { State: state, Marker, MaxItems: String(Math.min(size, MAX_PAGE)) },
    })
    return { items: page.Invocations, marker: page.NextMarker }
  })
  if (hasMore) output.remark(`There are more than these ${limit}; --limit shows more.`)
  if (output.isJson) {
    output.line(JSON.stringify({ Invocations: items }, null, 2))
    return
  }
  if (items.length === 0) {
    output.remark(`${functionName} has no ${state === undefined ? '' : `${state} `}events.`)
    return
  }
  table(
    output,
    ['REQUEST ID', 'STATE', 'ACCEPTED AT', 'ATTEMPTS', 'LAST ERROR'],
    items.map((event) => [
      event.RequestId,
      event.State,
      event.AcceptedAt,
      event.Attempts.length,
      event.Attempts.at(-1)?.ErrorMessage ?? '',
    ]),
  )
}
