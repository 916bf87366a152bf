import { z } from 'zod'
import { parseAwsEndpoints, type AwsEndpoints } from './aws-endpoints.ts'
import { parseAllowedHosts, type OutboundPolicy } from './outbound-policy.ts'
import type { SealingSecrets } from './sealed-text.ts'
import { ServiceError } from './service-error.ts'

/** Seconds before each retry of a failed event: `60,120` means three tries in all. */
const RetryDelays = z
  .string()
  .regex(/^(\d+(\.\d+)?(,\d+(\.\d+)?)*)?$/, 'must be seconds, parted by commas, such as 60,120')
  .transform((text) => (text === '' ? [] : text.split(',').map(Number)))

/** R2's S3 API: all of these are needed, or none. A variable that is empty counts as not set. */
const R2_NAMES = [
  'R2_S3_ENDPOINT',
  'R2_BUCKET_NAME',
  'R2_ACCESS_KEY_ID',
  'R2_SECRET_ACCESS_KEY',
] as const

/** A Kinesis to read streams from: all of these are needed, or none. */
const KINESIS_NAMES = [
  'KINESIS_ENDPOINT',
  'KINESIS_ACCESS_KEY_ID',
  'KINESIS_SECRET_ACCESS_KEY',
] as const

/** A variable that `parse` reads, or throws with what is wrong with it. */
function readBy<Value>(parse: (text: string) => Value) {
  return z.string().transform((text, context) => {
    try {
      return parse(text)
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error))
      return z.NEVER
    }
  })
}

const Variables = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of a region, such as us-east-1')
    .default('us-east-1'),
  AWS_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/)
    .default('000000000000'),
  ROOT_ACCESS_KEY_ID: z.string().default(''),
  ROOT_SECRET_ACCESS_KEY: z.string().default(''),
  KEY_ENCRYPTION_SECRET: z.string().default(''),
  KEY_ENCRYPTION_SECRET_PREVIOUS: z.string().default(''),
  REQUIRE_ROLES: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .default(true),
  INVOKE_RETRY_DELAYS: RetryDelays.default([60, 120]),
  FUNCTION_CONCURRENCY: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 9999')
    .transform(Number)
    .default(50),
  /** How long it is told what became of an event that succeeded. */
  INVOCATION_RETENTION_HOURS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 9999')
    .transform(Number)
    .default(24),
  FUNCTION_OUTBOUND: readBy(parseAllowedHosts).prefault('public'),
  /** Other servers than Amazon's for services that functions use. */
  FUNCTION_AWS_ENDPOINTS: readBy(parseAwsEndpoints).prefault(''),
  /** Ports of this gateway and its inspector on the local machine; `npm start` sets them. */
  GATEWAY_PORTS: z
    .string()
    .regex(/^\d{1,5}(,\d{1,5})*$/, 'must be ports, parted by commas')
    .transform((text) => text.split(',').map(Number))
    .default([8787, 9229]),
  R2_S3_ENDPOINT: z
    .string()
    .regex(/^(https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?)?$/, 'must be a URL, without the bucket')
    .default(''),
  R2_BUCKET_NAME: z
    .string()
    .regex(/^([a-z0-9][a-z0-9-]{1,61}[a-z0-9])?$/, 'must be the name of a bucket')
    .default(''),
  R2_ACCESS_KEY_ID: z.string().default(''),
  R2_SECRET_ACCESS_KEY: z.string().default(''),
  KINESIS_ENDPOINT: z
    .string()
    .regex(/^(https?:\/\/[^/?#@\s]+\/?)?$/, 'must be a URL without a path')
    .default(''),
  KINESIS_ACCESS_KEY_ID: z.string().default(''),
  KINESIS_SECRET_ACCESS_KEY: z.string().default(''),
})

/** What the variables are called that `parseSettings` reads. */
export const SETTING_NAMES: readonly string[] = Object.keys(Variables.shape)

const AllOrNoneOfEach = Variables.superRefine((values, context) => {
  for (const names of [R2_NAMES, KINESIS_NAMES]) {
    const missing = names.filter((name) => values[name] === '')
    if (missing.length === names.length) continue
    for (const name of missing) {
      const message = `must be set, because not all of ${names.join(', ')} are empty`
      context.addIssue({ code: 'custom', path: [name], message })
    }
  }
})

/** Where R2's S3 API is, and with what its URLs are signed. */
export interface R2Signing {
  /** Without a slash at the end. */
  endpoint: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
}

/** A Kinesis besides the gateway's own, and with what its requests are signed. */
export interface ForeignKinesis {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
}

export interface Settings {
  region: string
  accountId: string
  rootAccessKeyId: string
  rootSecretAccessKey: string
  sealing: SealingSecrets
  /** Whether a function's Role has to exist, and to trust Lambda. */
  requireRoles: boolean
  retryDelaysSeconds: number[]
  functionConcurrency: number
  invocationRetentionHours: number
  functionOutbound: OutboundPolicy
  functionAwsEndpoints: AwsEndpoints
  /** Set when R2 itself signs downloads. */
  r2: R2Signing | undefined
  /** Set when event sources are streams of another service. */
  kinesis: ForeignKinesis | undefined
}

/** Reads the gateway's variables. Throws ServiceException, which names what it cannot read. */
export function parseSettings(variables: object): Settings {
  const parsed = AllOrNoneOfEach.safeParse(variables)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ServiceError(
      'ServiceException',
      `The gateway's configuration is wrong: ${faults.join('; ')}`,
    )
  }
  const values = parsed.data
  return {
    region: values.AWS_REGION,
    accountId: values.AWS_ACCOUNT_ID,
    rootAccessKeyId: values.ROOT_ACCESS_KEY_ID,
    rootSecretAccessKey: values.ROOT_SECRET_ACCESS_KEY,
    sealing: {
      current: values.KEY_ENCRYPTION_SECRET,
      previous: values.KEY_ENCRYPTION_SECRET_PREVIOUS,
    },
    requireRoles: values.REQUIRE_ROLES,
    retryDelaysSeconds: values.INVOKE_RETRY_DELAYS,
    functionConcurrency: values.FUNCTION_CONCURRENCY,
    invocationRetentionHours: values.INVOCATION_RETENTION_HOURS,
    functionOutbound: { ...values.FUNCTION_OUTBOUND, gatewayPorts: values.GATEWAY_PORTS },
    functionAwsEndpoints: values.FUNCTION_AWS_ENDPOINTS,
    r2: r2Signing(values),
    kinesis: foreignKinesis(values),
  }
}

function r2Signing(values: z.infer<typeof Variables>): R2Signing | undefined {
  if (values.R2_S3_ENDPOINT === '') return undefined
  return {
    endpoint: values.R2_S3_ENDPOINT.replace(/\/+$/, ''),
    bucket: values.R2_BUCKET_NAME,
    accessKeyId: values.R2_ACCESS_KEY_ID,
    secretAccessKey: values.R2_SECRET_ACCESS_KEY,
  }
}

function foreignKinesis(values: z.infer<typeof Variables>): ForeignKinesis | undefined {
  if (values.KINESIS_ENDPOINT === '') return undefined
  return {
    endpoint: values.KINESIS_ENDPOINT.replace(/\/$/, ''),
    accessKeyId: values.KINESIS_ACCESS_KEY_ID,
    secretAccessKey: values.KINESIS_SECRET_ACCESS_KEY,
  }
}
