/**
 * Writes what nobody was asked to handle into the gateway's own log: one line of JSON, with the
 * cause's stack. `subject` says whose fault it is; it never holds secrets or payloads.
 */
export function logFault(what: string, subject: object, cause: unknown): void {
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : cause
  console.error(JSON.stringify({ level: 'error', what, ...subject, cause: stack }))
}
