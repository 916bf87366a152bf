import { AwsV4Signer } from 'aws4fetch'

export interface SignOptions {
  service?: string
  region?: string
  accessKeyId?: string
  secretAccessKey?: string
  /** `20150106T183035Z`; now, when it is not given. */
  datetime?: string
  /** Headers that are sent and signed. */
  signed?: Record<string, string>
  /** Sent and signed as `Date`, in place of `X-Amz-Date`. */
  date?: string
}

/** The headers of a request as aws4fetch, which shares no code with the gateway, signs it. */
export async function sign(
  method: string,
  url: string,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  { signed = {}, date, ...options }: SignOptions = {},
): Promise<Headers> {
  const signer = new AwsV4Signer({
    method,
    url,
    headers: signed,
    body: body ?? null,
    service: 'lambda',
    region: 'us-east-1',
    accessKeyId: 'local',
    secretAccessKey: 'local',
    allHeaders: true,
    ...options,
  })
  const { host } = new URL(url)
  if (date !== undefined) {
    // aws4fetch itself only ever signs X-Amz-Date.
    signer.headers.delete('x-amz-date')
    signer.headers.set('date', date)
    signer.signedHeaders = 'date;host'
    signer.canonicalHeaders = `date:${date}\nhost:${host}`
  }
  const { headers } = await signer.sign()
  headers.set('host', host)
  return headers
}
