import type { FuzzRequest } from './fuzz-request.ts'
import type { Random } from './random.ts'

/** How a request is signed badly or changed after it was signed. All but `chunked` are refused. */
export type Spoil =
  | { kind: 'signedAs'; by: Partial<Record<'accessKeyId' | 'secretAccessKey' | 'region', string>> }
  | { kind: 'service'; service: string }
  | { kind: 'datetime'; datetime: string }
  /** One character of a header is another: where, as a part of its length. */
  | { kind: 'changed'; header: string; at: number; to: string }
  | { kind: 'set'; header: string; value: string }
  | { kind: 'dropped'; header: string }
  | { kind: 'body'; at: number }
  /** Content-Length says more or less than is sent. */
  | { kind: 'length'; by: number }
  | { kind: 'chunked' }

const AUTHORIZATIONS = [
  ...['', 'x', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 ', 'Basic bG9jYWw6bG9jYWw=', 'AWS :'],
  'AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=',
  'AWS4-HMAC-SHA256 Credential=local/20150106/us-east-1/lambda/aws4_request',
  `AWS4-HMAC-SHA256 Credential=${'/'.repeat(5000)}, SignedHeaders=host, Signature=0`,
  `AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=${'host;'.repeat(2000)}, Signature=0`,
  'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=\u00e9, Signature=\u00e9',
]

export function spoilOf(random: Random, request: FuzzRequest): Spoil {
  return random.pick<() => Spoil>([
    () => ({ kind: 'signedAs', by: { secretAccessKey: random.pick(['', 'guess', '\0']) } }),
    () => ({ kind: 'signedAs', by: { accessKeyId: random.pick(['', 'nobody', 'a/b', 'a,b']) } }),
    () => ({ kind: 'signedAs', by: { region: random.pick(['eu-west-1', '*']) } }),
    () => ({ kind: 'service', service: random.pick(['s3', request.service + 'x']) }),
    () => ({
      kind: 'datetime',
      datetime: random.pick([
        '20150106T183035Z',
        '99991231T235959Z',
        '20261399T999999Z',
        'now',
        ' ',
      ]),
    }),
    () => ({
      kind: 'changed',
      header: 'authorization',
      at: random.next(),
      to: random.pick(['~', '!', ';', '=']),
    }),
    () => ({ kind: 'set', header: 'authorization', value: random.pick(AUTHORIZATIONS) }),
    () => ({
      kind: 'set',
      header: 'x-amz-date',
      value: random.pick(['', '0', '20150106T183035Z']),
    }),
    () => ({
      kind: 'set',
      header: 'x-amz-content-sha256',
      value: random.pick(['', 'x', 'UNSIGNED-PAYLOAD', '0'.repeat(64)]),
    }),
    () => ({ kind: 'set', header: 'x-amz-target', value: 'Logs_20140328.Other' }),
    () => ({ kind: 'dropped', header: random.pick(['authorization', 'x-amz-date']) }),
    () => ({ kind: 'body', at: random.next() }),
    () => ({ kind: 'length', by: random.pick([-5, -1, 1, 1000, 60_000_000]) }),
    () => ({ kind: 'chunked' }),
  ])()
}
