import type { LogEvent, LogQuery, LogReading } from '../ports/log-groups.ts'
import { firstIdAt, timeOfId } from './log-ids.ts'
import { EVENT_OVERHEAD_BYTES, type IdSpan, type LogLines, type StoredLine } from './log-lines.ts'
import type { LogStreams } from './log-streams.ts'
import { matchesText } from './text-pattern.ts'

/** CloudWatch's pages end at 1 MB of events. */
const PAGE_BYTES = 1024 * 1024
/** How much one request looks at in search of what matches. */
const SEARCHED_BYTES = 8 * 1024 * 1024
/** As many streams are read each by its own index; more are picked out of the lines of all. */
const MAX_MERGED_STREAMS = 100

/** Reads pages of a log. What a page costs depends on the page, not on the size of the group. */
export class LogSearch {
  readonly #lines: LogLines
  readonly #streams: LogStreams

  constructor(lines: LogLines, streams: LogStreams) {
    this.#lines = lines
    this.#streams = streams
  }

  read(query: LogQuery): LogReading {
    const streams = this.#numbersOf(query)
    if (streams === 'noSuchStream') return { kind: 'noSuchStream' }
    const isWanted = pickerOf(streams)
    const names = new Map<number, string>()
    const events: LogEvent[] = []
    let [pageBytes, searchedBytes, at] = [0, 0, 0]
    for (const line of this.#linesOf(streams, spanOf(query))) {
      const bytes = line.bytes + EVENT_OVERHEAD_BYTES
      const isMatch = isWanted(line.stream) && matchesText(query.pattern, line.message)
      const isFull =
        events.length === query.limit ||
        searchedBytes >= SEARCHED_BYTES ||
        (isMatch && pageBytes + bytes > PAGE_BYTES && events.length > 0)
      if (isFull) return { kind: 'page', events, next: at }
      at = line.id
      searchedBytes += bytes
      if (!isMatch) continue
      pageBytes += bytes
      const logStreamName = names.get(line.stream) ?? this.#streams.nameOf(line.stream)
      names.set(line.stream, logStreamName)
      events.push(toEvent(line, logStreamName))
    }
    return { kind: 'page', events }
  }

  #numbersOf({ streams, startMilliseconds }: LogQuery): number[] | undefined | 'noSuchStream' {
    if (streams === undefined) return undefined
    if ('prefix' in streams) return this.#streams.numbersOf(streams.prefix, startMilliseconds ?? 0)
    const numbers = Array.from(new Set(streams.names), (name) => this.#streams.numberOf(name))
    const known = numbers.filter((number) => number !== undefined)
    return known.length < numbers.length ? 'noSuchStream' : known
  }

  #linesOf(streams: number[] | undefined, span: IdSpan): Iterable<StoredLine> {
    if (streams === undefined || streams.length > MAX_MERGED_STREAMS) {
      return this.#lines.iterate(span)
    }
    const sources = streams.map((stream) => this.#lines.iterate(span, stream))
    return merged(sources, span.isReversed)
  }
}

/** What is still to be picked out of the lines that `#linesOf` gives. */
function pickerOf(streams: number[] | undefined): (stream: number) => boolean {
  if (streams === undefined || streams.length <= MAX_MERGED_STREAMS) return () => true
  const wanted = new Set(streams)
  return (stream) => wanted.has(stream)
}

/** The lines of sorted sources as one; nothing is taken from a source before it is due. */
function* merged(
  sources: Generator<StoredLine, undefined>[],
  isReversed: boolean,
): Generator<StoredLine> {
  const heads = sources.flatMap((source) => {
    const line = source.next().value
    return line === undefined ? [] : [{ source, line }]
  })
  const distance = (line: StoredLine) => (isReversed ? -line.id : line.id)
  for (;;) {
    let nearest = heads[0]
    if (nearest === undefined) return
    for (const head of heads) {
      if (distance(head.line) < distance(nearest.line)) nearest = head
    }
    yield nearest.line
    const line = nearest.source.next().value
    if (line === undefined) heads.splice(heads.indexOf(nearest), 1)
    else nearest.line = line
  }
}

function spanOf({
  startMilliseconds,
  endMilliseconds,
  after,
  isReversed = false,
}: LogQuery): IdSpan {
  const low = firstIdAt(startMilliseconds ?? 0) - 1
  const high = endMilliseconds === undefined ? Number.MAX_SAFE_INTEGER : firstIdAt(endMilliseconds)
  if (after === undefined) return { low, high, isReversed }
  return isReversed
    ? { low, high: Math.min(high, after), isReversed }
    : { low: Math.max(low, after), high, isReversed }
}

function toEvent(line: StoredLine, logStreamName: string): LogEvent {
  const { id, ingestionMilliseconds, message } = line
  return { id, timestampMilliseconds: timeOfId(id), logStreamName, ingestionMilliseconds, message }
}
