import type { IdentityStore, PublishedIdentities } from '../../ports/identity-store.ts'

interface Options {
  now: () => number
  /** How old a read may be: KV's copies elsewhere are up to 60 s old. */
  staleMilliseconds?: number
  /** KV takes one write per key and second, and refuses the next. */
  refusesFastWrites?: boolean
}

interface Version {
  /** JSON; `undefined` where it was deleted. */
  text: string | undefined
  writtenAtMilliseconds: number
}

/** KV as its documentation promises it, and no better: reads may be old, fast writes refused. */
export function memoryIdentityStore({
  now,
  staleMilliseconds = 0,
  refusesFastWrites = false,
}: Options): IdentityStore {
  const histories = new Map<string, Version[]>()

  function write(kind: string, id: string, text: string | undefined): Promise<void> {
    const history = histories.get(`${kind}/${id}`) ?? []
    const last = history.at(-1)
    if (refusesFastWrites && last !== undefined && now() - last.writtenAtMilliseconds < 1000) {
      return Promise.reject(new Error(`KV PUT failed: 429 Too Many Requests for ${kind}/${id}`))
    }
    histories.set(`${kind}/${id}`, [...history, { text, writtenAtMilliseconds: now() }])
    return Promise.resolve()
  }

  return {
    get<Kind extends keyof PublishedIdentities>(kind: Kind, id: string) {
      const horizon = now() - staleMilliseconds
      const history = histories.get(`${kind}/${id}`) ?? []
      const text = history.findLast((one) => one.writtenAtMilliseconds <= horizon)?.text
      const record = text === undefined ? undefined : (JSON.parse(text) as unknown)
      return Promise.resolve(record as PublishedIdentities[Kind] | undefined)
    },
    put: (kind, id, record) => write(kind, id, JSON.stringify(record)),
    delete: (kind, id) => write(kind, id, undefined),
  }
}
