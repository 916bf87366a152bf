import type { Ports } from '../ports/ports.ts'
import { logGroupNotFound } from './not-found.ts'
import type { LogGroupRequest } from './shapes.ts'

export async function deleteRetentionPolicy(
  { logRegistry }: Pick<Ports, 'logRegistry'>,
  { logGroupName }: LogGroupRequest,
): Promise<undefined> {
  const result = await logRegistry.setRetention(logGroupName, undefined)
  if (result === 'noSuchGroup') throw logGroupNotFound()
}
