import { functionArn } from '../aws/arn.ts'
import type { FunctionRecord } from '../aws/function-configuration.ts'
import type { Settings } from '../aws/settings.ts'
import type { CredentialVariables } from './role-credentials.ts'
import type { FunctionDescription } from './sandbox/protocol.ts'

/** Where the lines of an instance go. */
export interface LogPlace {
  logGroupName: string
  logStreamName: string
}

export function describeFunction(
  settings: Settings,
  record: FunctionRecord,
  { logGroupName, logStreamName }: LogPlace,
  credentials: CredentialVariables,
): FunctionDescription {
  const { FunctionName, Handler, MemorySize } = record.configuration
  return {
    functionName: FunctionName,
    functionArn: functionArn(settings, FunctionName),
    handler: Handler,
    memorySizeMegabytes: MemorySize,
    logGroupName,
    logStreamName,
    environment: {
      AWS_REGION: settings.region,
      AWS_DEFAULT_REGION: settings.region,
      ...credentials,
      AWS_LAMBDA_FUNCTION_NAME: FunctionName,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
      LAMBDA_TASK_ROOT: '/var/task',
      TZ: ':UTC',
    },
  }
}

/** As long as what Lambda wrote in place of a request id: `ko2sss03iq7l2pdk`. */
export function randomMark(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(16)
}
