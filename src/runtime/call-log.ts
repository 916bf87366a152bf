import type { Outcome } from '../ports/function-runner.ts'
import type { LogEntry } from '../ports/log-groups.ts'
import { loadedLine } from './sandbox/protocol.ts'

/** What the runner knows of a call once it is over. */
export interface CallReport {
  logStreamName: string
  requestId: string
  /** What the sandbox said when the function's modules were loaded: see `SandboxCall`. */
  loadingMark: string
  startedAtMilliseconds: number
  endedAtMilliseconds: number
  memorySizeMegabytes: number
  /** What the function's process has needed so far, where the platform can tell. */
  memoryUsedMegabytes?: number
  outcome: Outcome
}

/** What the function printed, and what it threw where nobody caught it. */
export interface CallOutput {
  lines: LogEntry[]
  exceptions: LogEntry[]
  /** The platform hands over 256 KB of output per call and no more. */
  isTruncated: boolean
}

export const NO_OUTPUT: CallOutput = { lines: [], exceptions: [], isTruncated: false }

/**
 * The lines of one call as Lambda wrote them in 2014 (garnaat/kappa, tests/unit/responses.py,
 * captured 2015-01-06): what loading modules printed, START, the function's own, END, REPORT, and
 * how it ended when it ended badly. Clocks stand still while code runs, so the order is that of
 * writing, not of the times.
 */
export function callLines(report: CallReport, output: CallOutput): LogEntry[] {
  const { requestId, startedAtMilliseconds: start, endedAtMilliseconds: end, outcome } = report
  const timeText = rememberedIso()
  const own =
    (id: string) =>
    (entry: LogEntry): LogEntry => ({
      timestampMilliseconds: within(entry.timestampMilliseconds, start, end),
      message: `${timeText(entry.timestampMilliseconds)}\t${id}\t${entry.message}\n`,
    })
  const at = (message: string): LogEntry => ({ timestampMilliseconds: end, message })
  // Before a process has its first call there is no request id: a random one stood in its place.
  const loaded = loadedLine(report.loadingMark)
  const marked = output.lines.findIndex((line) => line.message === loaded)
  const loading = output.lines.slice(0, Math.max(marked, 0)).map(own(report.loadingMark))
  const body = [...output.lines.slice(marked + 1), ...output.exceptions].map(own(requestId))
  if (output.isTruncated) body.push(at(`RequestId: ${requestId} Output truncated after 256 KB\n`))
  if (outcome.kind === 'failed') {
    const told = { timestampMilliseconds: end, message: failure(outcome) }
    body.push(outcome.log === undefined ? own(requestId)(told) : at(`${outcome.log}\n`))
  }
  return [
    ...loading,
    {
      timestampMilliseconds: loading.at(-1)?.timestampMilliseconds ?? start,
      message: `START RequestId: ${requestId}\n`,
    },
    ...body,
    at(`END RequestId: ${requestId}\n`),
    at(reportLine(report)),
    ...ending(report).map(at),
  ]
}

function reportLine(report: CallReport): string {
  // workerd tells nobody how much memory a function used.
  const { requestId, memorySizeMegabytes, memoryUsedMegabytes = 0 } = report
  const duration = Math.max(report.endedAtMilliseconds - report.startedAtMilliseconds, 0)
  const billed = Math.max(Math.ceil(duration / 100) * 100, 100)
  return (
    `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\t` +
    `Billed Duration: ${billed} ms \tMemory Size: ${memorySizeMegabytes} MB\t` +
    `Max Memory Used: ${memoryUsedMegabytes} MB\t\n`
  )
}

function ending({ requestId, endedAtMilliseconds, outcome }: CallReport): string[] {
  if (outcome.kind === 'exited') return [`RequestId: ${requestId} ${outcome.errorMessage}\n`]
  if (outcome.kind === 'timedOut') {
    return [`${iso(endedAtMilliseconds)} ${requestId} ${outcome.errorMessage}\n`]
  }
  return []
}

function failure(outcome: Outcome & { kind: 'failed' }): string {
  const { errorMessage, errorType, stackTrace } = outcome
  return JSON.stringify({ errorMessage, errorType, stackTrace })
}

/** A line belongs between START and END, whatever the isolate's clock said. */
function within(timestamp: number, start: number, end: number): number {
  return Math.min(Math.max(timestamp, start), end)
}

function iso(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString()
}

/** The same for times of which many that follow each other are the same. */
function rememberedIso(): typeof iso {
  let [lastMilliseconds, text] = [NaN, '']
  return (epochMilliseconds) => {
    if (epochMilliseconds !== lastMilliseconds) text = iso(epochMilliseconds)
    lastMilliseconds = epochMilliseconds
    return text
  }
}
