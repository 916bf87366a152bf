import { streamArn } from '../aws/arn.ts'
import { openMarker, toMarker } from '../aws/marker.ts'
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
  { Limit, ExclusiveStartStreamName: after = '', NextToken }: ListStreamsRequest,
): Promise<ListStreamsResponse> {
  const seal = { secret: settings.rootSecretAccessKey, operation: 'ListStreams' }
  const from = NextToken === undefined ? '' : openMarker(seal, NextToken)
  if (from === undefined) throw invalidArgument('Invalid NextToken.')
  const found: IndexedStream[] = []
  let cursor = from === '' ? undefined : from
  do {
    // An index finds no place by name, so what comes before is read and left out.
    const wanted = after === '' ? Limit - found.length : INDEX_PAGE
    const page = await streamIndex.list(Math.min(wanted, INDEX_PAGE), cursor)
    found.push(...page.streams.filter(({ streamName }) => streamName > after))
    cursor = page.cursor
  } while (cursor !== undefined && found.length < Limit)
  const shown = found.slice(0, Limit)
  return {
    StreamNames: shown.map(({ streamName }) => streamName),
    StreamSummaries: shown.map(({ streamName, createdAtMilliseconds }) => ({
      StreamName: streamName,
      StreamARN: streamArn(settings, streamName),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: createdAtMilliseconds / 1000,
    })),
    HasMoreStreams: cursor !== undefined || found.length > shown.length,
    // Where the page ends inside what the index gave, only the last name says where to go on.
    ...(cursor === undefined || found.length > shown.length
      ? {}
      : { NextToken: toMarker(seal, cursor) }),
  }
}
