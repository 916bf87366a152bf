import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeQueuedEvent } from '../../src/delivery/queued-event.ts'
import { startGateway, until, type LocalGateway } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'
import { portWire } from '../support/port-wire.ts'
import { startWitness, type Witness } from '../support/witness.ts'
import type { Wire } from '../support/wire.ts'

// Events on a real workerd, from 202 to done or dead. Functions are seen by what they tell a server
// of the test, and by their dead letters.

const FUNCTIONS = '/2014-11-13/functions'
const MAX_MESSAGE_BYTES = 127_000
const MAX_EVENT_BYTES = 1024 * 1024

interface DeadLetter {
  RequestId: string
  Payload: string
  Reason: string
  Attempts: { ErrorMessage: string }[]
}

let witness: Witness
let gateway: LocalGateway
let wire: Wire

beforeAll(async () => {
  witness = await startWitness()
  gateway = await startGateway({
    variables: {
      INVOKE_RETRY_DELAYS: '0.2',
      FUNCTION_CONCURRENCY: '2',
      FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
    },
  })
  wire = portWire(gateway.port)
})

afterAll(async () => {
  await gateway.stop()
  await witness.stop()
})

/** In a function: `tell(path, callback)` asks the witness for a path. */
async function upload(name: string, source: string): Promise<void> {
  const tell = `
    var http = require('http');
    function tell(path, callback) {
      http.get('http://127.0.0.1:${witness.port}' + path, function (response) {
        response.on('data', function () {});
        response.on('end', function () { callback(null); });
      }).on('error', callback);
    }`
  const response = await wire.upload(name, { Timeout: '60' }, zipOf({ 'index.js': tell + source }))
  if (response.status !== 201) throw new Error(await response.text())
}

/** The request id of an event that was accepted. */
async function invoke(name: string, event = '{}'): Promise<string> {
  const response = await wire.call('POST', `${FUNCTIONS}/${name}/invoke-async/`, event)
  if (response.status !== 202) throw new Error(await response.text())
  return response.headers.get('x-amzn-RequestId') ?? ''
}

/** Every dead letter, over as many pages as there are. */
async function deadLettersOf(name: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  let query = ''
  do {
    const path = `/gateway/functions/${name}/dead-letters${query}`
    const response = await wire.call('GET', path)
    const page = (await response.json()) as { DeadLetters: DeadLetter[]; NextMarker?: string }
    letters.push(...page.DeadLetters)
    query = page.NextMarker === undefined ? '' : `?Marker=${page.NextMarker}`
  } while (query !== '')
  return letters
}

const FAILS = `exports.handler = function (event, context) { context.done('refused'); };`

describe('the payload of an event', () => {
  /** A JSON text of exactly so many bytes. */
  const sized = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2))

  /** The largest payload that still travels in the queue's message itself. */
  function largestCarried(functionName: string): number {
    const requestId = '00000000-0000-4000-8000-000000000000'
    const event = { functionName, requestId, acceptedAtMilliseconds: Date.now(), payload: '' }
    return MAX_MESSAGE_BYTES - encodeQueuedEvent(event).byteLength
  }

  test('is kept to the byte, whatever JSON it is and however long', async () => {
    await upload('bytes', FAILS)
    const carried = largestCarried('bytes')
    const payloads = [
      'null',
      'false',
      '0',
      '"x"',
      '[]',
      ' {"a" :\t1 }\n',
      '{"n":12345678901234567890,"f":1.10,"e":1E2,"a":1,"a":2,"\\u00e9":"é😀\\ud800"}',
      '\n\n{"first":"line"}\n',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      sized(carried),
      sized(carried + 1),
      `"${'é'.repeat((carried - 2) / 2)}"`,
      sized(MAX_EVENT_BYTES),
    ]
    const ids = await Promise.all(payloads.map((payload) => invoke('bytes', payload)))
    await until(async () => (await deadLettersOf('bytes')).length === payloads.length)
    const letters = new Map((await deadLettersOf('bytes')).map((one) => [one.RequestId, one]))
    const kept = ids.map((id) => letters.get(id)?.Payload)
    expect(kept.map((text) => text?.length)).toEqual(payloads.map((text) => text.length))
    expect(kept.every((text, n) => text === payloads[n])).toBe(true)
    const [letter] = letters.values()
    expect(letter).toMatchObject({ Reason: 'refused', Attempts: [{}, {}] })
  })

  test('reaches the function as JSON.parse has it', async () => {
    await upload(
      'parses',
      `exports.handler = function (event, context) {
         var text = typeof event === 'string' ? event.length : JSON.stringify(event);
         tell('/parses/' + encodeURIComponent(text), context.done);
       };`,
    )
    const events = ['null', '{"n":9007199254740993,"a":1,"a":2}', sized(MAX_EVENT_BYTES)]
    await Promise.all(events.map((event) => invoke('parses', event)))
    await until(() => witness.count('/parses/') === 3)
    const seen = witness.seen('/parses/').map(({ path }) => decodeURIComponent(path.slice(8)))
    expect(seen.sort()).toEqual(
      ['null', '{"n":9007199254740992,"a":2}', String(MAX_EVENT_BYTES - 2)].sort(),
    )
  })

  test('of a megabyte, forty at once, are all handed over and all found again', async () => {
    await upload('burst', FAILS)
    const event = sized(MAX_EVENT_BYTES)
    const ids = await Promise.all(Array.from({ length: 40 }, () => invoke('burst', event)))
    const letters = async () => (await deadLettersOf('burst')).map((one) => one.RequestId)
    await until(async () => (await letters()).length >= 40, 60_000)
    expect((await letters()).sort()).toEqual(ids.sort())
    expect(gateway.output()).not.toContain('could not be handed')
  }, 90_000)

  test('does not count the bytes of a broken event: nothing runs', async () => {
    await upload('broken', `exports.handler = function () { tell('/broken', function () {}); };`)
    await expect(invoke('broken', '{"a":')).rejects.toThrow(
      'Could not parse request body into json: ',
    )
    await invoke('broken', '1')
    await until(() => witness.count('/broken') >= 1)
    expect((await deadLettersOf('broken')).map((one) => one.Payload)).not.toContain('{"a":')
  })
})

describe('an error', () => {
  test.each([3_000_000, 40_000_000])('of %i characters ends its event', async (characters) => {
    const name = `error-${characters}`
    await upload(
      name,
      `exports.handler = function (event, context) {
         context.done(new Error(new Array(${characters} + 1).join('e')));
       };`,
    )
    await invoke(name)
    await until(async () => (await deadLettersOf(name)).length === 1)
    const [letter] = await deadLettersOf(name)
    expect(letter?.Reason).toMatch(/^e+… \(\d+ characters\)$/)
    expect(letter?.Attempts).toHaveLength(2)
  })
})

describe('the concurrency ceiling', () => {
  test('holds a third event of a function back, and none of another function', async () => {
    await upload('narrow', `exports.handler = function (e, c) { tell('/hold/' + e.n, c.done); };`)
    await upload('other', `exports.handler = function (e, c) { tell('/other', c.done); };`)
    for (let n = 0; n < 5; n++) await invoke('narrow', JSON.stringify({ n }))
    await until(() => witness.count('/hold/') === 2)
    // By the time that a later event of another function has run, these five were handed over.
    await invoke('other')
    await until(() => witness.count('/other') === 1)
    expect(witness.count('/hold/')).toBe(2)
    witness.release()
    await until(() => witness.count('/hold/') === 4)
    witness.release()
    await until(() => witness.count('/hold/') === 5)
    witness.release()
    const paths = witness.seen('/hold/').map(({ path }) => path)
    expect(paths.sort()).toEqual([0, 1, 2, 3, 4].map((n) => `/hold/${n}`))
    expect(await deadLettersOf('narrow')).toEqual([])
  })
})

describe('while an event runs', () => {
  /** A function whose first try waits at the witness, and then fails. */
  const HELD = `exports.handler = function (event, context) {
    tell('/hold/held', function () { context.done('first'); });
  };`

  test('a new upload is what its retry runs', async () => {
    await upload('renewed', HELD)
    const before = witness.count('/hold/held')
    const requestId = await invoke('renewed')
    await until(() => witness.count('/hold/held') > before)
    await upload(
      'renewed',
      `exports.handler = function (e, c) { tell('/renewed/' + c.awsRequestId, c.done); };`,
    )
    witness.release()
    await until(() => witness.count(`/renewed/${requestId}`) === 1)
    expect(witness.count('/hold/held')).toBe(before + 1)
  })

  test('a deletion lays it down with the reason, once its try has failed', async () => {
    await upload('removed', HELD)
    const before = witness.count('/hold/held')
    const running = await invoke('removed', '{"n":1}')
    await until(() => witness.count('/hold/held') > before)
    expect((await wire.call('DELETE', `${FUNCTIONS}/removed`)).status).toBe(204)
    await expect(invoke('removed')).rejects.toThrow('Function not found')
    witness.release()
    await until(async () => (await deadLettersOf('removed')).length === 1)
    expect(await deadLettersOf('removed')).toMatchObject([
      {
        RequestId: running,
        Payload: '{"n":1}',
        Reason: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:removed',
        Attempts: [{ ErrorMessage: 'first' }],
      },
    ])
    expect(witness.count('/hold/held')).toBe(before + 1)
  })
})
