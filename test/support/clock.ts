/** A clock that stands still until it is told to move. */
export function fakeClock(startMilliseconds = Date.parse('2015-01-06T18:30:35.841Z')) {
  let milliseconds = startMilliseconds
  return {
    now: () => milliseconds,
    advance(byMilliseconds: number) {
      milliseconds += byMilliseconds
    },
  }
}

export type FakeClock = ReturnType<typeof fakeClock>
