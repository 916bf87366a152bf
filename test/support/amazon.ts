import { createServer, type IncomingMessage } from 'node:http'
import { AwsV4Signer } from 'aws4fetch'

/** A request of an AWS client as it arrived and was found to be signed by whom it says. */
interface Arrived {
  service: string
  url: URL
  method: string
  headers: IncomingMessage['headers']
  body: Buffer
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

const SECRETS: Record<string, string> = { function: 'function' }

/** A little Amazon: DynamoDB and S3 in memory, for clients whose signature is right. */
export async function startAmazon() {
  const store: Store = new Map()
  /** What was asked for, and whether it was let in. */
  const seen: string[] = []

  async function answer(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const arrived = await verify(request, body)
    const host = String(request.headers['x-forwarded-host'])
    seen.push(`${arrived === undefined ? 403 : 200} ${host} ${String(request.method)}`)
    if (arrived === undefined) return { status: 403, body: 'SignatureDoesNotMatch' }
    return arrived.service === 'dynamodb' ? dynamodb(arrived, store) : s3(arrived, store)
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void answer(request, Buffer.concat(chunks)).then(({ status = 200, headers = {}, body }) => {
        response.writeHead(status, headers).end(body)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was free')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    put: (path: string, body: string, type: string) => store.set(path, { body, type }),
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

type Store = Map<string, { body: Uint8Array | string; type: string }>

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=/

/** Signs what arrived once more, with aws4fetch and the caller's secret. */
async function verify(request: IncomingMessage, body: Buffer): Promise<Arrived | undefined> {
  const authorization = request.headers.authorization ?? ''
  const [, accessKeyId = '', region = '', service = '', names = ''] =
    AUTHORIZATION.exec(authorization) ?? []
  // `fetch` sets Host by the URL, so the gateway hands on the signed one beside it.
  const host = String(request.headers['x-forwarded-host'])
  const url = `https://${host}${request.url ?? ''}`
  const headers = new Headers()
  for (const name of names.split(';')) {
    if (name !== 'host') headers.set(name, String(request.headers[name]))
  }
  const method = request.method ?? ''
  const signer = new AwsV4Signer({
    ...{ method, url, headers, service, region, accessKeyId },
    body: new Uint8Array(body),
    secretAccessKey: SECRETS[accessKeyId] ?? '',
    datetime: String(request.headers['x-amz-date']),
    allHeaders: true,
  })
  const declared = request.headers['x-amz-content-sha256']
  const isBodySigned = declared === 'UNSIGNED-PAYLOAD' || declared === (await sha256(body))
  if (!isBodySigned || (await signer.authHeader()) !== authorization) return undefined
  return { service, url: new URL(url), method, headers: request.headers, body }
}

async function sha256(bytes: Buffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return Buffer.from(digest).toString('hex')
}

function dynamodb({ headers, body }: Arrived, store: Store): Answer {
  const input = JSON.parse(body.toString()) as Record<'TableName' | 'Key' | 'Item', unknown>
  const key = (id: unknown) => `${String(input.TableName)}/${JSON.stringify(id)}`
  const type = 'application/x-amz-json-1.0'
  if (headers['x-amz-target'] === 'DynamoDB_20120810.PutItem') {
    const { id } = input.Item as { id: unknown }
    store.set(key({ id }), { body: JSON.stringify(input.Item), type })
    return { headers: { 'content-type': type }, body: '{}' }
  }
  const found = store.get(key(input.Key))?.body
  const output = found === undefined ? {} : { Item: JSON.parse(String(found)) as unknown }
  return { headers: { 'content-type': type }, body: JSON.stringify(output) }
}

function s3({ method, url, headers, body }: Arrived, store: Store): Answer {
  const [bucket] = url.hostname.split('.s3')
  const path = `${bucket ?? ''}${decodeURIComponent(url.pathname)}`
  if (method === 'PUT') {
    store.set(path, { body: new Uint8Array(body), type: String(headers['content-type']) })
    return { headers: { etag: '"etag"' } }
  }
  const object = store.get(path)
  if (object === undefined) return { status: 404 }
  const length = String(Buffer.from(object.body).length)
  return {
    headers: { 'content-type': object.type, 'content-length': length },
    body: object.body,
  }
}
