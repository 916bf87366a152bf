import { Buffer } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import type nodeUtil from 'node:util'
import type { InspectOptions } from 'node:util'
import { lazily, requireModule } from './node-modules.ts'
import { originals } from './output.ts'
import { NativeError, assign, bare, isCallable, now } from './primordials.ts'
import { prepareProcess } from './process.ts'
import { loadedLine } from './protocol.ts'

const formatting = lazily(() => {
  const { format, inspect } = requireModule('node:util') as typeof nodeUtil
  return { format, inspect }
})

const streams: { forget(): void; flush(): void }[] = []
let linesMayWait = false

/** Gives a text to the log, as one error. */
export function printError(text: string): void {
  originals.error(text)
}

let loadingMark: string | undefined

/** What is printed from now on is of no call yet; without a mark, on a warm start, it is. */
export function beginLoading(mark: string | undefined): void {
  loadingMark = mark
}

/** What is printed from now on is of the call. Says so in the log, the first time it is told. */
export function endLoading(): void {
  if (loadingMark !== undefined) originals.log(loadedLine(loadingMark))
  loadingMark = undefined
}

/** Gives a text to the log. */
export function printLine(text: string): void {
  originals.log(text)
}

/** Gives every call of `console` to the log as one string: workerd keeps the arguments apart. */
export function installConsole(): void {
  for (const level of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    const print = originals[level]
    console[level] = (...args: unknown[]) => print(formatted(args))
  }
  assign(console, unlogged)
}

export function installStandardStreams(): void {
  prepareProcess((process) => {
    capture(process, process.stdout, originals.log)
    capture(process, process.stderr, originals.error)
  })
}

/** From now on what is written waits for the end of its line; an aborted call's rests are dropped. */
export function openStreams(): void {
  linesMayWait = true
  for (let index = 0; index < streams.length; index++) streams[index]?.forget()
}

/** Prints lines without an end; nothing waits any more. */
export function closeStreams(): void {
  linesMayWait = false
  for (let index = 0; index < streams.length; index++) streams[index]?.flush()
}

const startedAt: Record<string, number> = bare({})

// workerd does not hand these to a tail worker (measured).
const unlogged = {
  dir: (value: unknown, options?: InspectOptions) =>
    originals.log(formatting().inspect(value, { customInspect: false, ...options })),
  trace: (...args: unknown[]) => originals.error(traceOf(formatted(args))),
  assert: (isTrue: unknown, ...args: unknown[]) => {
    if (!isTrue) originals.error(`Assertion failed${args.length > 0 ? ': ' : ''}${formatted(args)}`)
  },
  time: (label = 'default') => {
    startedAt[label] = now()
  },
  timeEnd: (label = 'default') => {
    originals.log(`${label}: ${now() - (startedAt[label] ?? now())}ms`)
  },
  table: (...args: unknown[]) => originals.log(formatted(args)),
  group: (...args: unknown[]) => originals.log(formatted(args)),
}

/** Most are texts without a directive, for which `util` need not be loaded. */
function formatted(args: unknown[]): string {
  const [first] = args
  if (args.length === 1 && typeof first === 'string') return first
  return formatting().format(...args)
}

function traceOf(text: string): string {
  const frames = (new NativeError().stack ?? '').split('\n').slice(1)
  return [text === '' ? 'Trace' : `Trace: ${text}`, ...frames].join('\n')
}

function capture(
  process: Pick<NodeJS.Process, 'nextTick'>,
  stream: NodeJS.WriteStream,
  print: (line: string) => void,
): void {
  const nextTick = process.nextTick.bind(process)
  const decoder = new StringDecoder('utf8')
  const state = {
    rest: '',
    forget: () => {
      state.rest = ''
    },
    flush: () => {
      const line = state.rest + decoder.end()
      state.rest = ''
      if (line !== '') print(line)
    },
  }
  streams.push(state)
  const write = (chunk: string | Uint8Array, ...others: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))
    const lines = (state.rest + text).split('\n')
    state.rest = lines.pop() ?? ''
    for (const line of lines) print(line)
    if (!linesMayWait) state.flush()
    const callback = others.at(-1)
    if (isCallable(callback)) nextTick(callback)
    return true
  }
  Reflect.set(stream, 'write', write)
}
