/** What a function is, as far as this can be told from outside; `undefined` when there is none. */
export interface FunctionState {
  version: number
  timeoutSeconds: number
}

type State = FunctionState | undefined

export interface PromisedEvent {
  functionName: string
  /** What the event itself carries, and the function tells when it runs. */
  number: number
  acceptedAtMilliseconds: number
}

/** What the gateway has said yes to, and what it may have done besides when it was killed. */
export function promises() {
  const states = new Map<string, State>()
  const underWay = new Map<string, State>()
  return {
    /** By request id. */
    events: new Map<string, PromisedEvent>(),
    /** The texts of records that have a sequence number. */
    records: new Set<string>(),

    isBusy: (name: string) => underWay.has(name),
    stateOf: (name: string) => states.get(name),

    /** Changes a function; one change of it at a time. Rejects, undecided, when `change` does. */
    async change(name: string, state: State, change: () => Promise<boolean>): Promise<void> {
      underWay.set(name, state)
      const isDone = await change()
      if (isDone) states.set(name, state)
      underWay.delete(name)
    },

    /** What this function may be after a kill. */
    possible: (name: string): State[] =>
      underWay.has(name) ? [states.get(name), underWay.get(name)] : [states.get(name)],

    /** What it turned out to be. */
    settle(name: string, state: State): void {
      states.set(name, state)
      underWay.delete(name)
    },
  }
}

export type Promises = ReturnType<typeof promises>
