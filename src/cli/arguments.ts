import { InvalidArgumentError } from 'commander'

// How arguments are read, so that what is mistyped is told before anything is asked.

export function functionName(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('A function has 1 to 64 letters, digits, - and _.')
}

export function requestId(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('A request id is what InvokeAsync answered in x-amzn-RequestId.')
}

export function requestIds(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), requestId(text)]
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It has to be a whole number from 1 on.')
}

const UNIT_SECONDS: Partial<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** `90s`, `10m`, `2h` or `1d`, in milliseconds. */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const seconds = UNIT_SECONDS[unit]
  if (seconds === undefined) {
    throw new InvalidArgumentError('It has to be such as 90s, 10m, 2h or 1d.')
  }
  return Number(count) * seconds * 1000
}
