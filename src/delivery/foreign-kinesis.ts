import { AwsClient } from 'aws4fetch'
import { z } from 'zod'
import type { ForeignKinesis } from '../aws/settings.ts'

/** Longer than this no answer is waited for. */
const TIMEOUT_MILLISECONDS = 10_000

const Refusal = z.object({ __type: z.string(), message: z.string().optional() })

/** What another service refused, by its code without the namespace. */
export class ForeignRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.name = 'ForeignRefusal'
    this.code = code
  }
}

export type KinesisCall = <Shape extends z.ZodType>(
  operation: string,
  input: object,
  output: Shape,
) => Promise<z.output<Shape>>

/** Calls another Kinesis: JSON 1.1, signed. Throws ForeignRefusal for what it refuses. */
export function foreignKinesis(
  { endpoint, accessKeyId, secretAccessKey }: ForeignKinesis,
  region: string,
): KinesisCall {
  // Retries are the pump's business: it knows what is worth waiting for.
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: 'kinesis',
    retries: 0,
  })
  return async (operation, input, output) => {
    const response = await client.fetch(`${endpoint}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${operation}`,
      },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    })
    const text = await response.text()
    if (response.ok) return output.parse(JSON.parse(text))
    throw refusalOf(response.status, text)
  }
}

function refusalOf(status: number, text: string): Error {
  try {
    const { __type, message = '' } = Refusal.parse(JSON.parse(text))
    return new ForeignRefusal(__type.slice(__type.lastIndexOf('#') + 1), message)
  } catch {
    return new Error(`Kinesis answered ${status}`)
  }
}
