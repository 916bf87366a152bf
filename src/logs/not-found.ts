import { ServiceError } from '../aws/service-error.ts'
import type { LogReading } from '../ports/log-groups.ts'

export function logGroupNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
}

export function logStreamNotFound(): ServiceError {
  return new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
}

/** The page that was read, if group and stream are there. */
export function pageOf(reading: LogReading): LogReading & { kind: 'page' } {
  if (reading.kind === 'noSuchGroup') throw logGroupNotFound()
  if (reading.kind === 'noSuchStream') throw logStreamNotFound()
  return reading
}
