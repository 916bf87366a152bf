import { streamArn, type Partition } from '../aws/arn.ts'
import { invalidArgument, streamNotFound } from './stream-errors.ts'

interface NamedStream {
  StreamName?: string | undefined
  StreamARN?: string | undefined
}

/** The name of the stream that an input names or gives the ARN of. */
export function streamNameOf(partition: Partition, { StreamName, StreamARN }: NamedStream): string {
  if (StreamARN === undefined) return StreamName ?? ''
  const name = StreamARN.slice(StreamARN.indexOf('/') + 1)
  if (StreamName !== undefined && StreamName !== name) {
    throw invalidArgument('StreamName and StreamARN must name the same stream.')
  }
  // Nothing of another account or region is here.
  if (StreamARN !== streamArn(partition, name)) throw streamNotFound(partition, name)
  return name
}
