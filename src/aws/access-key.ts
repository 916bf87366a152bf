const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What AWS's ids begin with: keys, temporary keys, users, roles. */
type IdPrefix = 'AKIA' | 'ASIA' | 'AIDA' | 'AROA'

/** An id as AWS makes them: the prefix tells what it is of, the rest is random. */
export function newIamId(prefix: IdPrefix): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return prefix + Array.from(bytes, (byte) => BASE32.charAt(byte % 32)).join('')
}

/** 40 characters of base64: 240 random bits. */
export function newSecretAccessKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(30))))
}
