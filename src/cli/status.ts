import { EventSourcePage, FunctionPage, InvocationCounts } from './answers.ts'
import type { Gateway } from './gateway.ts'
import { table, type Output } from './output.ts'
import { pagesOf } from './pages.ts'
import { eventsPath } from './paths.ts'

/** Questions that are open at the same time. */
const QUESTIONS = 8

/** What functions there are, how many events of each are in which state, and what feeds them. */
export async function status(gateway: Gateway, output: Output): Promise<void> {
  const [configurations, sources] = await Promise.all([functionsOf(gateway), sourcesOf(gateway)])
  const Functions: object[] = []
  const rows: (string | number)[][] = []
  for (let at = 0; at < configurations.length; at += QUESTIONS) {
    const some = configurations.slice(at, at + QUESTIONS)
    const counts = await Promise.all(
      some.map(({ FunctionName }) => countsOf(gateway, FunctionName)),
    )
    for (const [index, configuration] of some.entries()) {
      const Invocations = counts[index]
      if (Invocations === undefined) continue
      Functions.push({ ...configuration, Invocations })
      const { Queued, Running, Waiting, Succeeded, Dead } = Invocations
      rows.push([configuration.FunctionName, Queued, Running, Waiting, Succeeded, Dead])
    }
  }
  if (output.isJson) {
    output.line(JSON.stringify({ Functions, EventSources: sources }, null, 2))
    return
  }
  if (rows.length === 0) output.remark('There are no functions yet.')
  else table(output, ['FUNCTION', 'QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'DEAD'], rows)
  if (sources.length === 0) return
  output.line('')
  table(
    output,
    ['EVENT SOURCE', 'FUNCTION', 'UUID', 'STATUS'],
    sources.map((source) => [source.EventSource, source.FunctionName, source.UUID, source.Status]),
  )
}

async function functionsOf(gateway: Gateway) {
  const { items } = await pagesOf(Infinity, async (Marker) => {
    const path = '/2014-11-13/functions/'
    const page = await gateway.json(FunctionPage, { method: 'GET', path, query: { Marker } })
    return { items: page.Functions, marker: page.NextMarker }
  })
  return items
}

async function sourcesOf(gateway: Gateway) {
  const { items } = await pagesOf(Infinity, async (Marker) => {
    const path = '/2014-11-13/event-source-mappings/'
    const page = await gateway.json(EventSourcePage, { method: 'GET', path, query: { Marker } })
    return { items: page.EventSources, marker: page.NextMarker }
  })
  return items
}

function countsOf(gateway: Gateway, functionName: string) {
  const path = `${eventsPath(functionName)}/invocations/count`
  return gateway.json(InvocationCounts, { method: 'GET', path })
}
