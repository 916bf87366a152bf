import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { TAKEN, type FuzzRequest } from './fuzz-request.ts'
import { fuzzZip } from './fuzz-zip.ts'
import { logsOperation } from './logs-operations.ts'
import type { Random } from './random.ts'

const FUNCTIONS = '/2014-11-13/functions'

/** Made before the first request. Events go to these alone, so that few versions ever run. */
export const STEADY = ['steady-0', 'steady-1']
/** What each of their events leaves in the log, once. */
export const PRINTED = 'an event was here'
/** Uploaded, changed and deleted all the time. */
const RESTLESS = Array.from({ length: 12 }, (_, n) => `f${n}`)
const ABSENT = ['absent-0', 'absent_1', 'A'.repeat(64)]

const JSON_VALUES = [
  '{}',
  'null',
  '0',
  '"x"',
  '[1,2]',
  '{"n":12345678901234567890,"a":1,"a":2}',
  ' {} ',
]
const NO_JSON = ['', '{', 'abc', '01', '{"a":}', '\ufeff{}', '"\\ud8"', "{'a':1}", '[1,]', '\0']

/** What every run begins with: all functions, and a line in the log of those that take events. */
export function beginnings(): FuzzRequest[] {
  const source = `exports.handler = function (e, c) { console.log('${PRINTED}'); c.done() }`
  const body = zipOf({ 'index.js': source })
  const uploads = [...STEADY, ...RESTLESS].map((name) =>
    request('UploadFunction', 'PUT', `${FUNCTIONS}/${name}?${uploadQuery()}`, { body }),
  )
  const events = STEADY.map((name) =>
    request('InvokeAsync', 'POST', `${FUNCTIONS}/${name}/invoke-async/`, {
      body: new Uint8Array(Buffer.from('{}')),
    }),
  )
  return [...uploads, ...events]
}

/** A request for an operation, mostly one that succeeds. */
export function operation(random: Random): FuzzRequest {
  const make = random.pick([
    ...[upload, upload, upload, upload, update, update, read, read, read, list, list, remove],
    ...[invoke, invoke, deadLetters, download, download],
    ...[logsOperation, logsOperation, logsOperation, logsOperation],
  ])
  return make(random)
}

export function request(
  operationName: string,
  method: string,
  target: string,
  more: Partial<FuzzRequest> = {},
): FuzzRequest {
  return {
    operation: operationName,
    service: 'lambda',
    method,
    target,
    headers: [],
    unsigned: [],
    body: new Uint8Array(),
    isHttp: true,
    ...more,
  }
}

function slash(random: Random): string {
  return random.pick(['', '/'])
}

function upload(random: Random): FuzzRequest {
  const target = `${FUNCTIONS}/${random.pick(RESTLESS)}${slash(random)}?${uploadQuery(parameters(random))}`
  return request('UploadFunction', 'PUT', target, { body: fuzzZip(random) })
}

/** What is optional, each now and then. */
function parameters(random: Random): Record<string, string> {
  const all = Object.entries({
    Description: random.pick(['', 'x', 'é€😀', '😀'.repeat(128), "+&=%?#/'"]),
    Timeout: String(1 + random.below(60)),
    MemorySize: String(64 * (1 + random.below(16))),
    Handler: random.pick([
      'index.handler',
      './index.handler',
      'index.js.handler',
      'nowhere.handler',
    ]),
    Role: `arn:aws:iam::000000000000:role/${'r'.repeat(1 + random.below(570))}`,
  })
  return Object.fromEntries(all.filter(() => random.chance(0.3)))
}

function update(random: Random): FuzzRequest {
  const query = new URLSearchParams(parameters(random)).toString().replaceAll('+', '%20')
  const target = `${FUNCTIONS}/${random.pick(RESTLESS)}/configuration${slash(random)}?${query}`
  const body = Buffer.from(random.pick(['', '{}', 'x']))
  return request('UpdateFunctionConfiguration', 'PUT', target, { body: new Uint8Array(body) })
}

function read(random: Random): FuzzRequest {
  const [name, path] = random.pick([
    ['GetFunction', ''],
    ['GetFunctionConfiguration', '/configuration'],
  ])
  const functionName = random.pick([...RESTLESS, ...STEADY, ...ABSENT])
  return request(name, 'GET', `${FUNCTIONS}/${functionName}${path}${slash(random)}`)
}

function list(random: Random): FuzzRequest {
  const size = random.pick([1, 2, 5, 50, 10_000])
  const page = request('ListFunctions', 'GET', `${FUNCTIONS}/?MaxItems=${size}`)
  return random.chance(0.5) ? page : next(random, page, `${page.target}&Marker=${TAKEN}`)
}

function remove(random: Random): FuzzRequest {
  const name = random.pick([...RESTLESS, ...ABSENT])
  return request('DeleteFunction', 'DELETE', `${FUNCTIONS}/${name}${slash(random)}`)
}

function invoke(random: Random): FuzzRequest {
  const isSound = random.chance(0.4)
  const name = random.pick(isSound ? [...STEADY, ...ABSENT] : [...STEADY, ...RESTLESS])
  const text = isSound ? soundEvent(random) : random.pick(NO_JSON)
  const target = `${FUNCTIONS}/${name}/invoke-async${slash(random)}`
  return request('InvokeAsync', 'POST', target, { body: new Uint8Array(Buffer.from(text)) })
}

function soundEvent(random: Random): string {
  if (!random.chance(0.1)) return random.pick(JSON_VALUES)
  return random.pick([
    () => '['.repeat(50_000) + ']'.repeat(50_000),
    () => JSON.stringify('x'.repeat(130_000)),
    () => JSON.stringify('x'.repeat(1024 * 1024 - 2)),
    () => JSON.stringify('x'.repeat(1024 * 1024)),
  ])()
}

function deadLetters(random: Random): FuzzRequest {
  const name = random.pick([...RESTLESS, ...STEADY, ...ABSENT])
  const size = random.pick([1, 100, 1000])
  const target = `/gateway/functions/${name}/dead-letters${slash(random)}?MaxItems=${size}`
  const page = request('ListDeadLetters', 'GET', target)
  return random.chance(0.7) ? page : next(random, page, `${page.target}&Marker=${TAKEN}`)
}

function next(random: Random, page: FuzzRequest, target: string): FuzzRequest {
  const tampered = random.chance(0.3) ? { tamperedAt: random.next() } : {}
  return { ...page, target, taken: { from: page, path: ['NextMarker'], ...tampered } }
}

/** The URL that GetFunction answers, as it is or not quite so. */
function download(random: Random): FuzzRequest {
  const from = request('GetFunction', 'GET', `${FUNCTIONS}/${random.pick(STEADY.concat(RESTLESS))}`)
  const tampered = random.chance(0.5) ? { tamperedAt: random.next() } : {}
  const header = random.pick<[string, string][]>([
    [],
    [
      [
        'range',
        random.pick(['bytes=0-0', 'bytes=-1', 'bytes=5-2', 'bytes=9999999-', 'bytes=1e9-', 'x']),
      ],
    ],
    [['if-none-match', random.pick(['*', '"x"', 'W/"', ',,,'])]],
    [
      ['if-range', '"x"'],
      ['range', 'bytes=1-2'],
    ],
  ])
  return request('download', random.pick(['GET', 'GET', 'HEAD']), TAKEN, {
    headers: header,
    taken: { from, path: ['Code', 'Location'], ...tampered },
  })
}
