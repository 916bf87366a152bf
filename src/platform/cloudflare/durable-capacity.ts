import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import type { FunctionObject } from './function-object.ts'

export function durableCapacity(
  namespace: DurableObjectNamespace<FunctionObject>,
): FunctionCapacity {
  return {
    acquire: (functionName, holder) => namespace.getByName(functionName).acquire(holder),
    release: (functionName, place, isBusy) =>
      namespace.getByName(functionName).release(place, isBusy),
  }
}
