/**
 * A signal that is aborted after so long, unless the limit is lifted before. A timer that is left
 * behind, as `AbortSignal.timeout` leaves one, keeps a Durable Object in memory until it strikes.
 */
export function timeLimit(milliseconds: number): { signal: AbortSignal; lift: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  return { signal: controller.signal, lift: () => clearTimeout(timer) }
}
