/** How many events may be taken at once. */
export interface TakeLimits {
  events: number
  /** Of payload in all; one event is taken whatever its size. */
  bytes: number
}

/** How many of events of these sizes, from the first on, are within the limits. */
export function countWithin(sizes: readonly number[], { events, bytes }: TakeLimits): number {
  const most = Math.min(sizes.length, events)
  let sum = 0
  for (let count = 0; count < most; count++) {
    sum += sizes[count] ?? 0
    if (count > 0 && sum > bytes) return count
  }
  return most
}
