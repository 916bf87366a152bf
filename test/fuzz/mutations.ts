import { TAKEN, type FuzzRequest } from './fuzz-request.ts'
import { flipped } from './fuzz-zip.ts'
import type { Random } from './random.ts'

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PURGE']
const NO_METHODS = ['FOO', 'get', 'G\u00e9T', '']

const VALUES = [
  ...[
    '',
    '0',
    '-1',
    '1.5',
    '1e9',
    '+3',
    'NaN',
    'null',
    'x',
    '%00',
    '%0a',
    '%20',
    '+',
    '%zz',
    '%',
    '%ff',
  ],
  ...[
    '%ed%a0%80',
    '%F0%9F%98%80',
    '..',
    '../..',
    '%2e%2e%2f',
    "'",
    '"',
    '<',
    '[]',
    '{}',
    '__proto__',
  ],
  ...['9'.repeat(400), 'a'.repeat(5000), 'constructor', ';', '\\'],
]
const PATHS = [
  ...[
    '/',
    '//',
    '/./',
    '/../',
    '/%2F',
    '/%2e%2e',
    '/%',
    '/%zz',
    '/%00',
    '/ü',
    '/;a=b',
    '/.',
    '/..',
  ],
  ...[
    '/healthz',
    '/code/f0/x.zip',
    '/code/..%2f',
    '/gateway',
    '/__proto__',
    '/configuration',
    '/*',
  ],
  ...[
    '/2014-11-13',
    '/2015-03-31/functions',
    '/cdn-cgi/x',
    '/cdn-cgi/mf/scheduled',
    '/' + 'a'.repeat(4000),
  ],
]
const KEYS = [
  ...['Role', 'Handler', 'Timeout', 'MemorySize', 'Description', 'Mode', 'Runtime', 'Marker'],
  ...['MaxItems', 'FunctionName', 'role', '__proto__', 'constructor', 'X-Amz-Signature', 'Expires'],
]
/** What a framework might take for an order. Of miniflare's own, `mf-…`, some are: not these. */
const HEADERS: [string, string][] = [
  ['content-type', 'application/json; charset=\u00ff'],
  ['content-encoding', 'gzip'],
  ['range', 'bytes=0-1'],
  ['if-none-match', '*'],
  ['expect', '100-continue'],
  ['x-forwarded-proto', 'javascript:'],
  ['x-forwarded-host', 'evil.test'],
  ['x-http-method-override', 'DELETE'],
  ['x-original-url', '/healthz'],
  ['mf-custom-fetch-service', 'other'],
  ['cf-connecting-ip', '::1'],
  ['origin', 'http://evil.test'],
  ['cookie', 'a=b; '.repeat(500)],
  ['x-amz-security-token', 'token'],
  ['x-amz-date', 'yesterday'],
  ['x-empty', ''],
  ['x-large', 'x'.repeat(20_000)],
]
const NO_HEADERS: [string, string][] = [
  ['transfer-encoding', 'gzip'],
  ['upgrade', 'websocket'],
  ['connection', 'upgrade'],
  ['content-length', '0, 5'],
  ['content-length', '-1'],
  ['x bad', 'x'],
  ['', 'x'],
  ['x-control', 'a\0b'],
  ['x-fold', 'a\r\n b'],
]

/** Changes one thing about a request, which may then be one that no client sends. */
export function mutated(random: Random, request: FuzzRequest): void {
  random.pick([
    changeMethod,
    changePath,
    changePath,
    changeQuery,
    changeQuery,
    changeQuery,
    addHeader,
    addHeader,
    changeBody,
    changeBody,
    breakHttp,
  ])(random, request)
}

function changeMethod(random: Random, request: FuzzRequest): void {
  request.method = random.pick(METHODS)
}

function changePath(random: Random, request: FuzzRequest): void {
  const [path, query] = parted(request)
  const at = random.below(path.length + 1)
  const inserted = random.pick(PATHS)
  const changed = random.pick([
    () => path.slice(0, at) + inserted + path.slice(at),
    () => inserted + path,
    () => path + inserted,
    () => path.slice(0, at) + path.slice(at + 1),
    () => path.slice(0, at) + encoded(path.charAt(at)) + path.slice(at + 1),
    () => path.toUpperCase(),
    () => path.split('/').reverse().join('/'),
  ])()
  request.target = rooted(changed) + query
}

function changeQuery(random: Random, request: FuzzRequest): void {
  const [path, query] = parted(request)
  const parts = query.slice(1).split('&')
  const at = random.below(parts.length)
  const part = parts[at] ?? ''
  const value = random.pick(VALUES)
  const changed = random.pick<() => string[]>([
    () => parts.with(at, part.replace(/=.*$/s, '') + '=' + value),
    () => parts.with(at, part.replace(/=.*$/s, '') + '=' + value),
    () => parts.toSpliced(at, 1),
    () => [...parts, part],
    () => [...parts, `${random.pick(KEYS)}=${value}`],
    () => [...parts, value],
    () => parts.with(at, part.toLowerCase()),
  ])()
  request.target = `${path}?${changed.join('&')}`
}

function addHeader(random: Random, request: FuzzRequest): void {
  request.unsigned.push(random.pick(HEADERS))
}

function changeBody(random: Random, request: FuzzRequest): void {
  const { body } = request
  const at = random.below(body.length + 1)
  request.body = random.pick([
    () => flipped(random, body),
    () => body.slice(0, at),
    () => new Uint8Array(Buffer.concat([body.slice(0, at), random.bytes(10), body.slice(at)])),
    () => random.bytes(random.below(300)),
    () => new Uint8Array(),
    () => new Uint8Array(random.chance(0.1) ? 9_000_000 : 100_000),
  ])()
}

/**
 * What breaks HTTP itself. Left out is what workerd answers with a 500 of its own before anyone sees
 * it: CONNECT, the target `*` and a second Host.
 */
function breakHttp(random: Random, request: FuzzRequest): void {
  if (!random.chance(0.3)) return
  request.isHttp = false
  random.pick([
    () => (request.method = random.pick(NO_METHODS)),
    () => (request.target += random.pick([' ', '\0', '\u00fc', '#x', '\r\n', '\t'])),
    () =>
      (request.target = random.pick([
        'http://evil.test/',
        '',
        '?',
        'f0',
        '/' + 'a'.repeat(90_000),
      ])),
    () => request.unsigned.push(random.pick(NO_HEADERS)),
  ])()
}

function parted({ target }: FuzzRequest): [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at)]
}

function rooted(path: string): string {
  return path.startsWith('/') || path.startsWith(TAKEN) ? path : `/${path}`
}

function encoded(character: string): string {
  if (character === '') return '%41'
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
