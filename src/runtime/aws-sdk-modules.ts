import type { PackageFile } from './package-modules.ts'

const FOLDER = 'var/runtime/node_modules/aws-sdk'
const CLIENTS = 'CloudWatch CloudWatchLogs DynamoDB Kinesis Lambda S3 SES SNS SQS STS'.split(' ')

/**
 * Whether a function may ask for the SDK that Lambda's runtime had built in. Only such packages get
 * it, for an isolate's start pays for each module, required or not.
 */
export function wantsBuiltInSdk(files: PackageFile[]): boolean {
  if (files.some(({ path }) => path.startsWith('node_modules/aws-sdk/'))) return false
  return files.some((file) => file.kind !== 'data' && file.source.includes('aws-sdk'))
}

/** The SDK as scripts, by their module names, where Node's resolution looks after all else. */
export function builtInSdk(sdk: string): Map<string, string> {
  const modules = new Map([[`${FOLDER}/index.js`, sdk]])
  for (const name of CLIENTS) {
    const script = `module.exports = require('../index.js').${name}`
    modules.set(`${FOLDER}/clients/${name.toLowerCase()}.js`, script)
  }
  return modules
}
