/** Services as their hosts name them (`dynamodb`, `s3`, `email`), with the server of each. */
export type AwsEndpoints = ReadonlyMap<string, string>

/** What Amazon's hosts call services that people know by another name. */
const HOST_LABELS = new Map([
  ['ses', 'email'],
  ['cloudwatch', 'monitoring'],
])
const SERVICE = /^[a-z0-9]+([.-][a-z0-9]+)*$/
const REGION = '[a-z]{2}(?:-[a-z]+)+-\\d'
const AMAZON_HOST = /^(.+)\.amazonaws\.com(?:\.cn)?\.?$/
const S3_HOST = new RegExp(`^(?:.+\\.)?s3(?:[.-](?:dualstack\\.)?(?:${REGION}|external-1))?$`)
const REGION_LABEL = new RegExp(`\\.${REGION}$`)

/**
 * Reads `dynamodb=http://127.0.0.1:8000,s3=https://s3.example.com`. Throws an Error that names the
 * part it cannot read.
 */
export function parseAwsEndpoints(text: string): AwsEndpoints {
  const endpoints = new Map<string, string>()
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue
    const [, name = '', address = ''] = /^([^=]*)=(.*)$/.exec(part) ?? []
    const service = HOST_LABELS.get(name) ?? name
    const url = SERVICE.test(service) ? URL.parse(address) : null
    if (url === null || !isOrigin(url)) {
      throw new Error(`'${part}' is not of the form SERVICE=http://HOST:PORT`)
    }
    if (endpoints.has(service)) throw new Error(`'${part}' is the second server for ${service}`)
    endpoints.set(service, url.origin)
  }
  return endpoints
}

/** The server that stands in for one of Amazon's hosts, of whatever region and bucket. */
export function awsEndpointFor(hostname: string, endpoints: AwsEndpoints): string | undefined {
  const [, name] = AMAZON_HOST.exec(hostname) ?? []
  if (name === undefined) return undefined
  return endpoints.get(S3_HOST.test(name) ? 's3' : name.replace(REGION_LABEL, ''))
}

function isOrigin(url: URL): boolean {
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
  return isHttp && url.href === `${url.origin}/`
}
