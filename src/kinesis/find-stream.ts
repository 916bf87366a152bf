import type { Ports } from '../ports/ports.ts'
import type { Stream } from '../ports/streams.ts'
import { streamNotFound } from './stream-errors.ts'
import { streamNameOf } from './stream-name.ts'

/** The stream as its actor knows it now, whatever its status. */
export async function findStream(
  { streams, settings }: Pick<Ports, 'streams' | 'settings'>,
  input: { StreamName?: string | undefined; StreamARN?: string | undefined },
): Promise<Stream> {
  const streamName = streamNameOf(settings, input)
  const stream = await streams.find(streamName)
  if (stream === undefined) throw streamNotFound(settings, streamName)
  return stream
}
