import { ServiceError } from '../aws/service-error.ts'
import type { LogPosition } from '../ports/log-groups.ts'

/** A place in the log as a token: `TIMESTAMP.ID`, opaque to whoever receives it. */
export function toToken({ timestampMilliseconds, id }: LogPosition): string {
  return `${timestampMilliseconds}.${id}`
}

/** Throws InvalidParameterException, in CloudWatch's words, for what `toToken` never made. */
export function fromToken(token: string): LogPosition {
  const [, timestamp, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(token) ?? []
  if (timestamp === undefined || id === undefined) {
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  return { timestampMilliseconds: Number(timestamp), id: Number(id) }
}
