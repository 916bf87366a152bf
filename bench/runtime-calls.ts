/** Calls for the bench's worker to make: of an empty module, or of the function in a zip. */
export interface BenchRequest {
  kind: 'bare' | 'function'
  /** An instance for each call; one that is new starts cold. */
  ids: string[]
  codeKey: string
  /** Whether there is a pause after each call, which is not counted. */
  isPaused: boolean
}
