import { AwsV4Signer } from 'aws4fetch'
import type { R2Signing } from './settings.ts'

/**
 * R2's own presigned URL, by its S3 API: for GET of this object, good for so many seconds. It is
 * signed for GET alone, so R2 refuses HEAD.
 */
export async function signR2CodeUrl(
  { endpoint, bucket, accessKeyId, secretAccessKey }: R2Signing,
  codeKey: string,
  nowMilliseconds: number,
  seconds: number,
): Promise<string> {
  const signer = new AwsV4Signer({
    method: 'GET',
    url: `${endpoint}/${bucket}/${codeKey}?X-Amz-Expires=${seconds}`,
    service: 's3',
    // R2 has one region of this name (developers.cloudflare.com/r2/api/s3/api).
    region: 'auto',
    accessKeyId,
    secretAccessKey,
    datetime: new Date(nowMilliseconds).toISOString().replace(/[-:]|\.\d{3}/g, ''),
    signQuery: true,
  })
  const { url } = await signer.sign()
  return url.href
}
