import { AwsClient } from 'aws4fetch'

interface SignOptions {
  service?: string
  region?: string
  accessKeyId?: string
  secretAccessKey?: string
  datetime?: string
}

/** A signed request as aws4fetch, which shares no code with the gateway, makes it. */
export async function signedRequest(
  url: string,
  init: RequestInit = {},
  options: SignOptions = {},
): Promise<Request> {
  const { service = 'lambda', region = 'us-east-1', datetime, ...credentials } = options
  const client = new AwsClient({ accessKeyId: 'local', secretAccessKey: 'local', ...credentials })
  const aws = { service, region, allHeaders: true, ...(datetime === undefined ? {} : { datetime }) }
  return client.sign(url, { ...init, aws })
}
