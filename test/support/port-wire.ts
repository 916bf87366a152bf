import { uploadQuery, zipOf } from './memory-gateway.ts'
import { sendRaw } from './raw-request.ts'
import { sign } from './sign.ts'
import type { Body, CallOptions, Wire } from './wire.ts'

interface PortWire extends Wire {
  /** Functions that were made through it. */
  uploaded: Set<string>
}

const BODILESS = [202, 204, 304]

/** A gateway on a port of this machine, by requests written to the socket as they are asked for. */
export function portWire(port: number): PortWire {
  const uploaded = new Set<string>()

  async function call(method: string, path: string, body?: Body, options: CallOptions = {}) {
    const { sent = body, headers: changed = {}, ...signing } = options
    const headers = await sign(method, `http://127.0.0.1:${port}${path}`, body, signing)
    if (sent !== undefined) headers.set('content-length', String(Buffer.byteLength(sent)))
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    }
    const request = { method, target: path, headers, body: sent === undefined ? [] : [sent] }
    const answer = await sendRaw(port, request)
    const isBare = BODILESS.includes(answer.status) && answer.body.byteLength === 0
    const response = new Response(isBare ? null : new Uint8Array(answer.body), answer)
    if (response.status === 201) uploaded.add(await functionNameIn(response.clone()))
    return response
  }
  return {
    call,
    upload: (name, query = {}, zip = zipOf(), options = {}) =>
      call('PUT', `/2014-11-13/functions/${name}?${uploadQuery(query)}`, zip, options),
    now: () => Date.now(),
    uploaded,
  }
}

async function functionNameIn(response: Response): Promise<string> {
  const { FunctionName } = (await response.json()) as { FunctionName: string }
  return FunctionName
}

/** The same gateway, without the functions that were uploaded by this wire. */
export async function emptied(wire: PortWire): Promise<Wire> {
  for (const name of wire.uploaded) await wire.call('DELETE', `/2014-11-13/functions/${name}`)
  wire.uploaded.clear()
  return wire
}
