import { logGroupArn } from '../aws/arn.ts'
import type { Settings } from '../aws/settings.ts'
import { logGroupNameOf } from './log-group-name.ts'

// The resources of the operations, as the service names them in its refusals. Policies name groups
// as `log-group:NAME:*`, which stands for all of these.

export function ofGroup(
  settings: Settings,
  input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): string {
  return `${logGroupArn(settings, logGroupNameOf(settings, input))}:log-stream:`
}

export function ofStream(
  settings: Settings,
  input: Parameters<typeof ofGroup>[1] & { logStreamName: string },
): string {
  return ofGroup(settings, input) + input.logStreamName
}

/** A list names what it begins with, or nothing. */
export function ofPrefix(
  settings: Settings,
  { logGroupNamePrefix }: { logGroupNamePrefix?: string | undefined },
): string {
  return `${logGroupArn(settings, logGroupNamePrefix ?? '')}:log-stream:`
}
