/** Loads at the same time in one isolate, which has 128 MB for them and for all else. */
const MAX_LOADS = 2
/** A load whose request was cancelled never says that it ended. */
const FORGOTTEN_MILLISECONDS = 30_000
const LOOK_AGAIN_MILLISECONDS = 2

const loading = new Map<symbol, number>()

/**
 * Runs `load` when fewer than two others run. Waits by looking again: a promise that another
 * request settles is nothing to lean on in Workers, for that request may be cancelled.
 */
export async function inTurn<Result>(load: () => Promise<Result>): Promise<Result> {
  while (active() >= MAX_LOADS) await scheduler.wait(LOOK_AGAIN_MILLISECONDS)
  const turn = Symbol()
  loading.set(turn, Date.now())
  try {
    return await load()
  } finally {
    loading.delete(turn)
  }
}

function active(): number {
  for (const [turn, startedAtMilliseconds] of loading) {
    if (startedAtMilliseconds < Date.now() - FORGOTTEN_MILLISECONDS) loading.delete(turn)
  }
  return loading.size
}
