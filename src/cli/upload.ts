import { setTimeout as wait } from 'node:timers/promises'
import { FunctionConfiguration } from '../aws/function-configuration.ts'
import { Failure } from './failure.ts'
import { Refusal, type Gateway } from './gateway.ts'
import { functionPath } from './paths.ts'

/** KV takes up to a minute to tell the rest of the world. */
const VISIBLE_MILLISECONDS = 90_000
const POLL_MILLISECONDS = 500

export interface FunctionSettings {
  handler: string
  role: string
  timeout?: string
  memory?: string
}

/** Uploads a function and waits until the gateway answers that very version of it. */
export async function upload(
  gateway: Gateway,
  functionName: string,
  zip: Uint8Array<ArrayBuffer>,
  { handler, role, timeout, memory }: FunctionSettings,
): Promise<FunctionConfiguration> {
  const uploaded = await gateway.json(FunctionConfiguration, {
    method: 'PUT',
    path: functionPath(functionName),
    query: {
      Runtime: 'nodejs',
      Mode: 'event',
      Handler: handler,
      Role: role,
      Timeout: timeout,
      MemorySize: memory,
    },
    body: zip,
  })
  const giveUpAt = performance.now() + VISIBLE_MILLISECONDS
  while (performance.now() < giveUpAt) {
    const published = await publishedOf(gateway, functionName)
    if (published?.ConfigurationId === uploaded.ConfigurationId) return published
    if (published !== undefined && published.LastModified > uploaded.LastModified) {
      throw new Failure(`${functionName} was uploaded, and then changed by somebody else`)
    }
    await wait(POLL_MILLISECONDS)
  }
  throw new Failure(
    `${functionName} was uploaded, but ${VISIBLE_MILLISECONDS / 1000} seconds later the gateway still does not answer that version`,
  )
}

async function publishedOf(
  gateway: Gateway,
  functionName: string,
): Promise<FunctionConfiguration | undefined> {
  const path = `${functionPath(functionName)}/configuration`
  try {
    return await gateway.json(FunctionConfiguration, { method: 'GET', path })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'ResourceNotFoundException') return undefined
    throw error
  }
}
