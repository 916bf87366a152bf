import { AwsClient } from 'aws4fetch'
import { z } from 'zod'
import type { Connection } from './connection.ts'
import { Failure } from './failure.ts'

/** Long enough for 50 MB over a slow line. */
const ANSWER_MILLISECONDS = 300_000

const ErrorBody = z.object({ message: z.string().optional(), Message: z.string().optional() })

/** What the gateway refused: its code and its sentence. */
export class Refusal extends Failure {
  override name = 'Refusal'
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, sentence: string) {
    super(`${code}: ${sentence}`)
    this.code = code
    this.status = status
  }
}

interface Call {
  method: string
  path: string
  query?: Record<string, string | undefined>
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  service?: string
}

/** The signed side of a gateway. Whatever is refused is thrown as a Refusal. */
export interface Gateway {
  /** A call whose answer is JSON of this shape. */
  json<Shape extends z.ZodType>(shape: Shape, call: Call): Promise<z.output<Shape>>
  /** A call whose answer is taken as it is. */
  send(call: Call): Promise<Response>
  /** An operation of CloudWatch Logs. */
  logs<Shape extends z.ZodType>(
    shape: Shape,
    operation: string,
    input: object,
  ): Promise<z.output<Shape>>
}

export function gatewayAt(connection: Connection): Gateway {
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoint } = connection
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region,
    // What was refused is for the user to see, and an upload is not repeated behind his back.
    retries: 0,
  })

  async function send({ method, path, query, headers, body, service = 'lambda' }: Call) {
    const url = new URL(endpoint + path)
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value)
    }
    const response = await answerOf(endpoint, () =>
      client.fetch(url.href, {
        method,
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { body }),
        aws: { service },
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
      }),
    )
    if (!response.ok) throw await refusalOf(endpoint, response)
    return response
  }

  async function json<Shape extends z.ZodType>(shape: Shape, call: Call) {
    const response = await send(call)
    const parsed = shape.safeParse(await response.json().catch(() => undefined))
    if (!parsed.success) throw notAGateway(endpoint, response.status)
    return parsed.data
  }

  return {
    send,
    json,
    logs: (shape, operation, input) =>
      json(shape, {
        method: 'POST',
        path: '/',
        service: 'logs',
        headers: {
          'x-amz-target': `Logs_20140328.${operation}`,
          'content-type': 'application/x-amz-json-1.1',
        },
        body: JSON.stringify(input),
      }),
  }
}

/** An answer, or a Failure that says why there is none. */
export async function answerOf(endpoint: string, ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.name === 'TimeoutError') throw new Failure(`${endpoint} did not answer in time`)
    throw new Failure(`${endpoint} cannot be reached: ${reasonOf(error)}`)
  }
}

/** What Node's `fetch failed` hides: the code of the socket's error, or its text. */
function reasonOf(error: Error): string {
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  return code ?? cause.message
}

/** What the gateway says of a call that it refuses. */
export async function refusalOf(endpoint: string, response: Response): Promise<Failure> {
  const text = await response.text()
  // IAM and STS answer XML.
  const xml = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)<\/Message>/.exec(text)
  const code = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? xml?.[1]
  if (code === undefined) return notAGateway(endpoint, response.status)
  const body = ErrorBody.safeParse(jsonOf(text)).data
  const sentence = body?.message ?? body?.Message ?? xml?.[2] ?? `HTTP ${response.status}`
  return new Refusal(code, response.status, sentence)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function notAGateway(endpoint: string, status: number): Failure {
  return new Failure(`${endpoint} answered ${status}, but not as a Lambda Edge Gateway does`)
}
