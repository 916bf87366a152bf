/** What a call is known by. */
export interface CallName {
  requestId: string
  attempt: number
  loadingMark: string
}

/**
 * Of this try alone: one that finds its instance busy has output too, and is no attempt; so the
 * mark is part of it.
 */
export function callIdOf({ requestId, attempt, loadingMark }: CallName): string {
  return `${requestId}/${attempt}/${loadingMark}`
}

const ORIGIN = 'http://sandbox/'

/** Where an instance is sent a call: all that ties what a tail worker sees to its call. */
export function callUrl(call: CallName): string {
  return `${ORIGIN}${callIdOf(call)}`
}

/** The call that was sent to this URL. */
export function callOfUrl(url: string): CallName {
  const [requestId = '', attempt, loadingMark = ''] = url.slice(ORIGIN.length).split('/')
  return { requestId, attempt: Number(attempt), loadingMark }
}
