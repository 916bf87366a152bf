import { z } from 'zod'

/** Seconds before each retry of a failed event: `60,120` means three tries in all. */
const RetryDelays = z
  .string()
  .regex(/^(\d+(\.\d+)?(,\d+(\.\d+)?)*)?$/, 'must be seconds, parted by commas, such as 60,120')
  .transform((text) => (text === '' ? [] : text.split(',').map(Number)))

const Variables = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}-[a-z]+-\d$/)
    .default('us-east-1'),
  AWS_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .default('000000000000'),
  ROOT_ACCESS_KEY_ID: z.string().default(''),
  ROOT_SECRET_ACCESS_KEY: z.string().default(''),
  INVOKE_RETRY_DELAYS: RetryDelays.default([60, 120]),
  FUNCTION_CONCURRENCY: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 9999')
    .transform(Number)
    .default(50),
  FUNCTION_OUTBOUND: z.string().default('public'),
  /** Ports of this gateway and its inspector on the local machine; `npm start` sets them. */
  GATEWAY_PORTS: z.string().default('8787,9229'),
})

export interface Settings {
  region: string
  accountId: string
  rootAccessKeyId: string
  rootSecretAccessKey: string
  retryDelaysSeconds: number[]
  functionConcurrency: number
  functionOutbound: string
  gatewayPorts: number[]
}

/** Reads the gateway's variables. Throws an Error that names each variable it cannot read. */
export function parseSettings(variables: object): Settings {
  const parsed = Variables.safeParse(variables)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The gateway's configuration is wrong: ${faults.join('; ')}`)
  }
  const values = parsed.data
  return {
    region: values.AWS_REGION,
    accountId: values.AWS_ACCOUNT_ID,
    rootAccessKeyId: values.ROOT_ACCESS_KEY_ID,
    rootSecretAccessKey: values.ROOT_SECRET_ACCESS_KEY,
    retryDelaysSeconds: values.INVOKE_RETRY_DELAYS,
    functionConcurrency: values.FUNCTION_CONCURRENCY,
    functionOutbound: values.FUNCTION_OUTBOUND,
    gatewayPorts: values.GATEWAY_PORTS.split(',').map(Number),
  }
}
