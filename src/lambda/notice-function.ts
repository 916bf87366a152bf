import { logFault } from '../aws/log-fault.ts'
import type { Ports } from '../ports/ports.ts'

const MOST_TOLD = 1000

/**
 * Tells the mappings that feed a function that it was uploaded or deleted. What is not told here
 * finds out by itself, so nothing of this fails the operation.
 */
export async function noticeFunction(
  { eventSources, eventSourceIndex }: Pick<Ports, 'eventSources' | 'eventSourceIndex'>,
  FunctionName: string,
): Promise<void> {
  try {
    const { configurations } = await eventSourceIndex.list({ FunctionName }, MOST_TOLD)
    await Promise.all(configurations.map((mapping) => eventSources.noticeFunction(mapping)))
  } catch (error) {
    logFault('mappings not told of a function', { functionName: FunctionName }, error)
  }
}
