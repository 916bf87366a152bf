/** Where AWS's API has a function. */
export function functionPath(functionName: string): string {
  return `/2014-11-13/functions/${encodeURIComponent(functionName)}`
}

/** Where the gateway tells what became of a function's events. */
export function eventsPath(functionName: string): string {
  return `/gateway/functions/${encodeURIComponent(functionName)}`
}
