import { streamArn } from '../aws/arn.ts'
import { openMarker, toMarker, type MarkerSeal } from '../aws/marker.ts'
import type { Settings } from '../aws/settings.ts'
import type { Ports } from '../ports/ports.ts'
import type { IndexedStream } from '../ports/stream-index.ts'
import type { ListStreamsRequest } from './shapes.ts'
import { invalidArgument } from './stream-errors.ts'

interface ListStreamsResponse {
  StreamNames: string[]
  StreamSummaries: object[]
  HasMoreStreams: boolean
  NextToken?: string
}

/** What one call of the index gives at most. */
const INDEX_PAGE = 1000

/** Streams in the order of their names, from the index: it may not know the newest ones yet. */
export async function listStreams(
  { streamIndex, settings }: Pick<Ports, 'streamIndex' | 'settings'>,
  input: ListStreamsRequest,
): Promise<ListStreamsResponse> {
  const { Limit } = input
  const { after, ...from } = placeOf(settings, input)
  const found: IndexedStream[] = []
  let { cursor } = from
  do {
    // An index finds no place by name, so what comes before is read and left out.
    const wanted = after === '' ? Limit - found.length : INDEX_PAGE
    const page = await streamIndex.list(Math.min(wanted, INDEX_PAGE), cursor)
    found.push(...page.streams.filter(({ streamName }) => streamName > after))
    cursor = page.cursor
  } while (cursor !== undefined && found.length < Limit)
  const shown = found.slice(0, Limit)
  const last = found.length > shown.length ? shown.at(-1)?.streamName : undefined
  const NextToken = tokenOf(settings, last, cursor)
  return {
    StreamNames: shown.map(({ streamName }) => streamName),
    StreamSummaries: shown.map(({ streamName, createdAtMilliseconds }) => ({
      StreamName: streamName,
      StreamARN: streamArn(settings, streamName),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: createdAtMilliseconds / 1000,
    })),
    HasMoreStreams: NextToken !== undefined,
    ...(NextToken === undefined ? {} : { NextToken }),
  }
}

/** Where the page begins. A token goes before the name, which paginators send again with it. */
function placeOf(
  settings: Settings,
  { ExclusiveStartStreamName: after = '', NextToken }: ListStreamsRequest,
): { after: string; cursor?: string } {
  if (NextToken === undefined) return { after }
  const name = openMarker(sealOf(settings, 'name'), NextToken)
  if (name !== undefined) return { after: name }
  const cursor = openMarker(sealOf(settings, 'cursor'), NextToken)
  if (cursor === undefined) throw invalidArgument('Invalid NextToken.')
  return { after, cursor }
}

/** Where the page ends inside what the index gave, only the last name says where to go on. */
function tokenOf(
  settings: Settings,
  last: string | undefined,
  cursor: string | undefined,
): string | undefined {
  if (last !== undefined) return toMarker(sealOf(settings, 'name'), last)
  return cursor === undefined ? undefined : toMarker(sealOf(settings, 'cursor'), cursor)
}

function sealOf({ rootSecretAccessKey }: Settings, place: 'name' | 'cursor'): MarkerSeal {
  const operation = place === 'name' ? 'ListStreams by name' : 'ListStreams'
  return { secret: rootSecretAccessKey, operation }
}
