import type { FunctionRecord } from '../aws/function-configuration.ts'
import type { PublishedCopy } from '../aws/publisher.ts'
import type { FunctionStore } from '../ports/function-store.ts'

/** The copy of a function's record that everybody reads. Its name is known once it was uploaded. */
export function publishedFunction(
  functions: Pick<FunctionStore, 'put' | 'delete'>,
  functionName: () => string,
): PublishedCopy<FunctionRecord> {
  return {
    get name() {
      return `function ${functionName()}`
    },
    put: (record) => functions.put(record),
    delete: () => functions.delete(functionName()),
  }
}
