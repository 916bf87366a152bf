/** A server under measurement, which takes events and runs a function for each. */
export interface Server {
  name: string
  /** What the answer to an event promises, for those who compare the numbers. */
  promise: string
  /** The requests that send these events, signed beforehand where they have to be. */
  requests(numbers: readonly number[]): Promise<EventRequest[]>
  /** How many events were completed since the server started. */
  completed(): Promise<number>
  /** When each event was first seen by its function, in epoch milliseconds, by its number. */
  starts(): Promise<Map<number, number>>
  stop(): Promise<void>
}

export interface EventRequest {
  url: string
  headers: Record<string, string>
  body: string
}

/** What the function of every server prints, first of all. */
export const STARTED = /started (\d+) (\d+)/g

export function startsIn(text: string): Map<number, number> {
  return new Map(Array.from(text.matchAll(STARTED), ([, n, at]) => [Number(n), Number(at)]))
}
