import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { until, type LocalGateway } from '../support/local-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import type { Witness } from '../support/witness.ts'
import { NAMES, zipOfVersion } from './mixed-load.ts'
import type { FunctionState, Promises } from './promises.ts'

interface Shown {
  FunctionName: string
  Timeout: number
  CodeSize: number
}

/** For what is published a moment later. */
const PATIENCE_MILLISECONDS = 20_000
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/**
 * Whether every function is whole after a kill: as it was last said to be or as it was just being
 * made, with a zip of that version behind its URL, which runs. Settles in `promised` what it is.
 */
export async function faultsOfFunctions(
  gateway: LocalGateway,
  promised: Promises,
  witness: Witness,
): Promise<string[]> {
  async function ask<Answer>(path: string): Promise<Answer | undefined> {
    const response = await fetch(await signedRequest(gateway.url + path))
    if (response.status === 404) return undefined
    return (await response.json()) as Answer
  }

  async function stateOf(name: string): Promise<FunctionState | undefined | 'broken'> {
    const page = await ask<{ Functions: Shown[] }>('/2014-11-13/functions/?MaxItems=1000')
    const listed = page?.Functions.find(({ FunctionName }) => FunctionName === name)
    const path = `/2014-11-13/functions/${name}`
    const shown = await ask<{ Code: { Location: string }; Configuration: Shown }>(path)
    if (!isDeepStrictEqual(shown?.Configuration, listed)) return 'broken'
    if (shown === undefined) return undefined
    const zip = new Uint8Array(await (await fetch(shown.Code.Location)).arrayBuffer())
    const version = promised
      .possible(name)
      .flatMap((state) => (state === undefined ? [] : [state.version]))
      .find((one) => sha256(zipOfVersion(one, witness.port)) === sha256(zip))
    if (version === undefined || zip.byteLength !== shown.Configuration.CodeSize) return 'broken'
    return { version, timeoutSeconds: shown.Configuration.Timeout }
  }

  async function faultOf(name: string): Promise<string | undefined> {
    const possible = promised.possible(name)
    let state: FunctionState | undefined | 'broken' = 'broken'
    const isPossible = async () => {
      state = await stateOf(name)
      return possible.some((one) => isDeepStrictEqual(one, state))
    }
    const isWhole = await until(isPossible, PATIENCE_MILLISECONDS).then(
      () => true,
      () => false,
    )
    if (!isWhole) return `${name} is ${JSON.stringify(state)}, not of ${JSON.stringify(possible)}`
    const settled = possible.find((one) => isDeepStrictEqual(one, state))
    promised.settle(name, settled)
    if (settled === undefined) return undefined
    return (await runs(name, settled.version)) ? undefined : `${name} does not run`
  }

  /** Until the version that it is runs: events that were waiting may come first. */
  async function runs(name: string, version: number): Promise<boolean> {
    const number = `check-${crypto.randomUUID()}`
    const body = JSON.stringify({ number })
    const url = `${gateway.url}/2014-11-13/functions/${name}/invoke-async/`
    const response = await fetch(await signedRequest(url, { method: 'POST', body }))
    await response.arrayBuffer()
    const isSeen = () => witness.seenAt(`/ran/${version}/${number}/`) !== undefined
    return until(isSeen, 60_000).then(
      () => response.status === 202,
      () => false,
    )
  }

  const faults = await Promise.all(NAMES.map(faultOf))
  return faults.filter((fault) => fault !== undefined)
}
