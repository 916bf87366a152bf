import { setTimeout as wait } from 'node:timers/promises'
import type { LocalGateway } from '../support/local-gateway.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import type { Random } from '../support/random.ts'
import { signedRequest } from '../support/signed-request.ts'
import { kinesisAt } from '../support/stream-client.ts'
import type { Promises } from './promises.ts'

export const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
export const STREAM = 'clicks'

/** Too long for a queue, so that it takes the way over the code store. */
const LONG_CHARACTERS = 200_000
const CLIENTS = 6

type Call = (
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
) => Promise<Response>

/** The zip of a version, whose code tells the witness of each event that it runs. */
export function zipOfVersion(version: number, witnessPort: number): Uint8Array<ArrayBuffer> {
  return zipOf({
    'index.js': `
      exports.handler = function (event, context) {
        var path = '/ran/${version}/' + event.number + '/';
        require('http').get('http://127.0.0.1:${witnessPort}' + path, function (response) {
          response.on('data', function () {});
          response.on('end', function () {
            if (event.fails) context.fail(new Error('as it was told to')); else context.done();
          });
        });
      }`,
  })
}

/** Clients who upload, change, delete, invoke and put records until their gateway is gone. */
export function mixedLoad(random: Random, promised: Promises, witnessPort: number) {
  let lastNumber = 0

  const callOf =
    ({ url }: LocalGateway): Call =>
    async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body }
      const response = await fetch(await signedRequest(url + path, init))
      await response.arrayBuffer()
      // Nothing is promised by what says that it went wrong.
      if (response.status >= 500) throw new Error(`${method} ${path}: ${response.status}`)
      return response
    }

  async function act(gateway: LocalGateway): Promise<void> {
    const call = callOf(gateway)
    const name = random.pick(NAMES)
    const path = `/2014-11-13/functions/${name}`
    const action = random.below(100)
    if (action < 60) return invoke(call, name, `${path}/invoke-async/`)
    if (action < 78) return putRecords(gateway)
    // Whoever changes a function has it to himself, so that its state can be told.
    if (promised.isBusy(name)) return
    const state = promised.stateOf(name)
    if (action < 88 || state === undefined) {
      await upload(call, name)
    } else if (action < 95) {
      const timeoutSeconds = 3 + random.below(4)
      const query = `Timeout=${timeoutSeconds}`
      await promised.change(
        name,
        { ...state, timeoutSeconds },
        async () => (await call('PUT', `${path}/configuration?${query}`)).ok,
      )
    } else {
      await promised.change(name, undefined, async () => (await call('DELETE', path)).ok)
    }
  }

  async function upload(call: Call, name: string): Promise<void> {
    const next = { version: ++lastNumber, timeoutSeconds: 3 }
    const path = `/2014-11-13/functions/${name}?${uploadQuery({ Timeout: '3' })}`
    const zip = zipOfVersion(next.version, witnessPort)
    await promised.change(name, next, async () => (await call('PUT', path, zip)).ok)
  }

  async function invoke(call: Call, functionName: string, path: string): Promise<void> {
    const number = ++lastNumber
    const fails = random.chance(0.1)
    const padding = random.chance(0.1) ? 'x'.repeat(LONG_CHARACTERS) : ''
    const response = await call('POST', path, JSON.stringify({ number, fails, padding }))
    if (response.status !== 202) return
    const acceptedAtMilliseconds = performance.now()
    const requestId = response.headers.get('x-amzn-requestid') ?? ''
    promised.events.set(requestId, { functionName, number, acceptedAtMilliseconds })
  }

  async function putRecords({ url }: LocalGateway): Promise<void> {
    const texts = Array.from({ length: 1 + random.below(20) }, () => `record-${++lastNumber}`)
    const Records = texts.map((text) => ({ Data: text, PartitionKey: text }))
    const answer = await kinesisAt(url).putRecords({ StreamName: STREAM, Records }).promise()
    for (const [at, { SequenceNumber }] of answer.Records.entries()) {
      if (SequenceNumber !== undefined) promised.records.add(texts[at] ?? '')
    }
  }

  return {
    /** Uploads all functions for the first time. */
    async begin(gateway: LocalGateway): Promise<void> {
      for (const name of NAMES) await upload(callOf(gateway), name)
    },

    /** Resolves when `isOver`; what fails until then is the gateway's business, not the load's. */
    async run(gateway: LocalGateway, isOver: () => boolean): Promise<void> {
      const client = async () => {
        while (!isOver()) {
          await act(gateway).catch(() => wait(5))
        }
      }
      await Promise.all(Array.from({ length: CLIENTS }, client))
    },
  }
}
