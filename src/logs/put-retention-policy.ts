import type { Ports } from '../ports/ports.ts'
import { logGroupNotFound } from './not-found.ts'
import type { PutRetentionPolicyRequest } from './shapes.ts'

/** Older lines are gone from every answer at once, and from the storage soon after. */
export async function putRetentionPolicy(
  { logRegistry }: Pick<Ports, 'logRegistry'>,
  { logGroupName, retentionInDays }: PutRetentionPolicyRequest,
): Promise<undefined> {
  const result = await logRegistry.setRetention(logGroupName, retentionInDays)
  if (result === 'noSuchGroup') throw logGroupNotFound()
}
