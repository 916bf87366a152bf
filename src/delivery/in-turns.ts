/** Calls to other actors at a time. */
const CALLS_AT_ONCE = 25

/** As `map`, a bounded number at a time. */
export async function inTurns<Value, Result>(
  values: readonly Value[],
  work: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < values.length; at += CALLS_AT_ONCE) {
    results.push(...(await Promise.all(values.slice(at, at + CALLS_AT_ONCE).map(work))))
  }
  return results
}
