import { signCodeUrl } from '../../aws/code-url.ts'
import { signR2CodeUrl } from '../../aws/r2-code-url.ts'
import type { Settings } from '../../aws/settings.ts'
import { CODE_URL_SECONDS, type CodeUrls } from '../../ports/code-urls.ts'

/** R2's own URLs where the gateway has credentials of R2's S3 API, else URLs that it serves itself. */
export function codeUrls({ r2, rootSecretAccessKey }: Settings, now: () => number): CodeUrls {
  if (r2 !== undefined) {
    return { presign: (codeKey) => signR2CodeUrl(r2, codeKey, now(), CODE_URL_SECONDS) }
  }
  return {
    presign(codeKey, origin) {
      const expires = Math.floor(now() / 1000) + CODE_URL_SECONDS
      return Promise.resolve(signCodeUrl(rootSecretAccessKey, origin, codeKey, expires))
    },
  }
}
