/**
 * Reads a response of which only the arrival counts. Until its body is read, or the context that
 * asked for it is gone, the request is not over (measured).
 */
export function discardBody(response: Response): void {
  void response.arrayBuffer().catch(() => undefined)
}
