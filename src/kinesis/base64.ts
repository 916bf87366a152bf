import { excerpt } from '../aws/excerpt.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
/** The last character before padding has bits that mean nothing; they have to be zero. */
const CLEAN_END = /^(.*[^=]|.*[AEIMQUYcgkosw048]=|.*[AQgw]==)?$/

const MAX_SHOWN_CHARACTERS = 1000

/** Says why a text is not base64; `undefined` when it is. */
export function notBase64(text: string): string | undefined {
  const fault = faultOf(text)
  return (
    fault && `'${excerpt(text, MAX_SHOWN_CHARACTERS)}' can not be converted to a Blob: ${fault}`
  )
}

function faultOf(text: string): string | undefined {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`
  }
  if (!BASE64.test(text)) {
    const [, character = '='] = /([^A-Za-z0-9+/=]|=(?=[^=]))/.exec(text) ?? []
    return `Invalid Base64 character: '${character}'`
  }
  // Spelled as the real service spells it.
  const isClean = CLEAN_END.test(text.slice(-4))
  return isClean ? undefined : 'Invalid last non-pad Base64 character dectected'
}
