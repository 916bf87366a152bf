import { logGroupArn } from '../aws/arn.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Settings } from '../aws/settings.ts'
import { logGroupNotFound } from './not-found.ts'

interface NamesLogGroup {
  logGroupName?: string | undefined
  /** The name as well, or an ARN: later clients send it when they were given an ARN. */
  logGroupIdentifier?: string | undefined
}

/** The one log group that the input names. */
export function logGroupNameOf(settings: Settings, input: NamesLogGroup): string {
  const { logGroupName, logGroupIdentifier: identifier } = input
  if (logGroupName !== undefined && identifier !== undefined) {
    // The words and the code of the service (LocalStack, tests/aws/services/logs, recorded there).
    throw new ServiceError(
      'ValidationException',
      'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    )
  }
  if (logGroupName !== undefined) return logGroupName
  const name = identifier === undefined ? undefined : logGroupNameIn(settings, identifier)
  if (name === undefined) throw logGroupNotFound()
  return name
}

/** The name that an identifier is or has; `undefined` for an ARN of another account or region. */
export function logGroupNameIn(settings: Settings, identifier: string): string | undefined {
  if (!identifier.startsWith('arn:')) return identifier
  const ours = logGroupArn(settings, '')
  if (!identifier.startsWith(ours)) return undefined
  return identifier.slice(ours.length).replace(/:\*$/, '')
}
