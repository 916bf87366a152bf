import type { LogGroupIndex, LogGroupRecord } from '../../ports/log-group-index.ts'

export function memoryLogGroupIndex(): LogGroupIndex {
  const records = new Map<string, LogGroupRecord>()
  return {
    list(prefix, limit, cursor = '') {
      const names = Array.from(records.keys())
        .filter((name) => name.startsWith(prefix) && name > cursor)
        .sort()
      const page = names.slice(0, limit)
      const found = page.map((name) => records.get(name)).filter((record) => record !== undefined)
      const last = page.at(-1)
      return Promise.resolve(
        names.length > page.length && last !== undefined
          ? { records: found, cursor: last }
          : { records: found },
      )
    },
    put(record) {
      records.set(record.logGroupName, { ...record })
      return Promise.resolve()
    },
    delete(logGroupName) {
      records.delete(logGroupName)
      return Promise.resolve()
    },
  }
}
