/** What a bare call may have besides, of all that a call of a function has. */
export type Feature = 'entrypoint' | 'signal' | 'outbound' | 'tail' | 'header'

/** A call of an empty module with some features, or of the function in a zip. */
export interface BenchCall {
  kind: 'bare' | 'function'
  features: Feature[]
  codeKey?: string
  /** The instance; a new one for each call if it is left out, which so starts cold. */
  id?: string
}

/** Calls for the bench's worker to make, one after the other, and all that so many times. */
export interface BenchRequest {
  calls: BenchCall[]
  rounds: number
  /** Whether there is a pause after each call, which is not counted. */
  isPaused: boolean
}

/** Milliseconds, by call and by round. */
export type BenchTimes = number[][]
