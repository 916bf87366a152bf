import { isDeepStrictEqual } from 'node:util'
import { sign } from '../support/sign.ts'
import { sha256Of, type Ledger } from './ledger.ts'
import type { Credentials } from './send-request.ts'

type Json = Record<string, unknown>

/**
 * Whether every function is whole: listed and shown as the last change to it was answered, with a
 * zip that was accepted for it and is as long as CodeSize says; and whether every log group that
 * is listed can be read. To be asked while nothing else is. Each fault is a sentence.
 */
export async function faultsInStore(
  origin: string,
  credentials: Credentials,
  ledger: Ledger,
): Promise<string[]> {
  const faults: string[] = []

  async function ask(target: string): Promise<Json | undefined> {
    const headers = await sign('GET', origin + target, undefined, { ...credentials })
    const response = await fetch(origin + target, { headers })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`${target}: ${await response.text()}`)
    return (await response.json()) as Json
  }

  async function askLogs(operation: string, input: object): Promise<Json> {
    const body = JSON.stringify(input)
    const signed = { 'x-amz-target': `Logs_20140328.${operation}` }
    const headers = await sign('POST', `${origin}/`, body, {
      ...credentials,
      signed,
      service: 'logs',
    })
    const response = await fetch(`${origin}/`, { method: 'POST', headers, body })
    if (!response.ok) faults.push(`${operation} ${body}: ${await response.text()}`)
    return response.ok ? ((await response.json()) as Json) : {}
  }

  async function faultsIn(functionName: string, listed: Json | undefined): Promise<string[]> {
    const path = `/2014-11-13/functions/${functionName}`
    const states = ledger.statesOf(functionName)
    const shown = await ask(`${path}/configuration`)
    if (!isDeepStrictEqual(shown, listed)) return ['is listed otherwise than it is shown']
    if (!states.some((state) => isDeepStrictEqual(state, shown))) {
      return [`is ${JSON.stringify(shown)}, and was said to be ${JSON.stringify(states)}`]
    }
    const { Code } = ((await ask(path)) ?? {}) as { Code?: { Location: string } }
    if (Code === undefined) return shown === undefined ? [] : ['has no code']
    const zip = new Uint8Array(await (await fetch(Code.Location)).arrayBuffer())
    const size = ledger.functions.get(functionName)?.zips.get(sha256Of(zip))
    if (size === undefined) return ['has code that nobody uploaded for it']
    return size === shown?.CodeSize ? [] : [`has code of ${size} bytes`]
  }

  const listed = new Map<string, Json>()
  for (let marker: string | undefined = ''; marker !== undefined;) {
    const query: string = marker === '' ? '' : `&Marker=${marker}`
    const page = await ask(`/2014-11-13/functions/?MaxItems=1000${query}`)
    for (const one of (page?.Functions ?? []) as Json[]) listed.set(String(one.FunctionName), one)
    marker = page?.NextMarker as string | undefined
  }
  for (const name of new Set([...listed.keys(), ...ledger.functions.keys()])) {
    const found = await faultsIn(name, listed.get(name))
    faults.push(...found.map((fault) => `${name} ${fault}`))
  }
  const { logGroups = [] } = await askLogs('DescribeLogGroups', {})
  for (const { logGroupName } of logGroups as Json[]) {
    await askLogs('DescribeLogStreams', { logGroupName })
    await askLogs('FilterLogEvents', { logGroupName })
  }
  return faults
}
