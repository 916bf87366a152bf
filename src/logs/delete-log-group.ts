import type { Ports } from '../ports/ports.ts'
import { logGroupNotFound } from './not-found.ts'
import type { LogGroupRequest } from './shapes.ts'

/** Deletes the lines as well. The next line of the function makes the group anew. */
export async function deleteLogGroup(
  { logRegistry }: Pick<Ports, 'logRegistry'>,
  { logGroupName }: LogGroupRequest,
): Promise<undefined> {
  if ((await logRegistry.delete(logGroupName)) === 'noSuchGroup') throw logGroupNotFound()
}
