import { ServiceError } from '../aws/service-error.ts'
import type { DirectoryOperation, DirectoryOperations } from '../ports/directory.ts'
import type { IamPorts } from './query-operation.ts'

/** The directory's answer; throws what it refuses, in its words. */
export async function ask<Operation extends DirectoryOperation>(
  { directory }: Pick<IamPorts, 'directory'>,
  operation: Operation,
  input: DirectoryOperations[Operation]['input'],
): Promise<DirectoryOperations[Operation]['output']> {
  const answer = await directory.ask(operation, input)
  if (answer.kind === 'refused') throw new ServiceError(answer.code, answer.message)
  return answer.output
}
