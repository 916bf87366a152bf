/** Resolves when the work has ended, or after this time, whatever became of the work. */
export async function withinTime(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))
  await Promise.race([work.catch(() => undefined), limit])
  clearTimeout(timer)
}
