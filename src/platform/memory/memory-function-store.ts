import type { FunctionRecord } from '../../aws/function-configuration.ts'
import type { FunctionStore } from '../../ports/function-store.ts'

interface Options {
  now: () => number
  /** How old a read may be: KV's copies elsewhere are up to 60 s old. */
  staleMilliseconds?: number
  /** KV takes one write per key and second, and refuses the next. */
  refusesFastWrites?: boolean
}

interface Version {
  record: FunctionRecord | undefined
  writtenAtMilliseconds: number
}

/** KV as its documentation promises it, and no better: reads may be old, fast writes refused. */
export function memoryFunctionStore({
  now,
  staleMilliseconds = 0,
  refusesFastWrites = false,
}: Options): FunctionStore {
  const histories = new Map<string, Version[]>()

  function visible(functionName: string): FunctionRecord | undefined {
    const horizon = now() - staleMilliseconds
    const history = histories.get(functionName) ?? []
    return history.findLast((version) => version.writtenAtMilliseconds <= horizon)?.record
  }

  function write(functionName: string, record: FunctionRecord | undefined): Promise<void> {
    const history = histories.get(functionName) ?? []
    const last = history.at(-1)
    if (refusesFastWrites && last !== undefined && now() - last.writtenAtMilliseconds < 1000) {
      return Promise.reject(new Error(`KV PUT failed: 429 Too Many Requests for ${functionName}`))
    }
    history.push({ record: structuredClone(record), writtenAtMilliseconds: now() })
    histories.set(functionName, history)
    return Promise.resolve()
  }

  return {
    get: (functionName) => Promise.resolve(structuredClone(visible(functionName))),
    list(limit, cursor) {
      const names = Array.from(histories.keys())
        .filter((name) => visible(name) !== undefined && name > (cursor ?? ''))
        .sort()
      const page = names.slice(0, limit)
      const records = page.map(visible).filter((record) => record !== undefined)
      const last = page.at(-1)
      return Promise.resolve(
        names.length > page.length && last !== undefined ? { records, cursor: last } : { records },
      )
    },
    put: (record) => write(record.configuration.FunctionName, record),
    delete: (functionName) => write(functionName, undefined),
  }
}
