import type { FunctionActor } from '../../delivery/function-actor.ts'
import type { ExpiredRecords } from '../../ports/event-records.ts'
import type { FunctionCapacity } from '../../ports/function-capacity.ts'
import type { Ports } from '../../ports/ports.ts'

export type FunctionPorts = Pick<Ports, 'registry' | 'inboxes' | 'events' | 'deadLetters'> & {
  capacity: FunctionCapacity
  expired: ExpiredRecords
}

/** What is asked of the Function actors. */
export function functionPorts(actorOf: (functionName: string) => FunctionActor): FunctionPorts {
  // An async function rejects where its actor throws.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    registry: {
      expectObjects: async (name) => actorOf(name).expectObjects(name),
      upload: (draft, codeKey) => actorOf(draft.FunctionName).upload(draft, codeKey),
      updateConfiguration: (name, changes) => actorOf(name).updateConfiguration(changes),
      get: async (name) => actorOf(name).get(),
      delete: (name) => actorOf(name).delete(),
    },
    inboxes: { accept: async (name, events) => actorOf(name).accept(events) },
    events: {
      get: async (name, requestId) => actorOf(name).history.get(requestId),
      list: async (name, state, limit, cursor) => actorOf(name).history.list(state, limit, cursor),
      count: async (name) => actorOf(name).history.count(),
    },
    deadLetters: {
      list: async (name, limit, cursor) => actorOf(name).letters.list(limit, cursor),
      get: async (name, requestId) => actorOf(name).letters.get(requestId),
      redrive: async (name, choice) => actorOf(name).redrive(choice),
      purge: async (name, choice) => actorOf(name).purge(choice),
    },
    expired: {
      bury: async (event, reason) => actorOf(event.functionName).bury(event, reason),
    },
    capacity: {
      acquire: (name, holder) => actorOf(name).acquire(holder),
      release: async (name, place, isBusy) => actorOf(name).release(place, isBusy),
    },
  }
}
