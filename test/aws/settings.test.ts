import { describe, test } from 'vitest'
import { parseSettings } from '../../src/aws/settings.ts'

const R2 = {
  R2_S3_ENDPOINT: 'https://0123456789abcdef.r2.cloudflarestorage.com',
  R2_BUCKET_NAME: 'lambda-edge-gateway-code',
  R2_ACCESS_KEY_ID: 'key',
  R2_SECRET_ACCESS_KEY: 'secret',
}

describe('the variables of R2’s S3 API', () => {
  test.for([{}, { R2_S3_ENDPOINT: '' }])('may all be left out: %j', (variables, { expect }) => {
    expect(parseSettings(variables).r2).toBeUndefined()
  })

  test('are taken together, without a slash behind the endpoint', ({ expect }) => {
    expect(parseSettings({ ...R2, R2_S3_ENDPOINT: `${R2.R2_S3_ENDPOINT}/` }).r2).toEqual({
      endpoint: R2.R2_S3_ENDPOINT,
      bucket: R2.R2_BUCKET_NAME,
      accessKeyId: 'key',
      secretAccessKey: 'secret',
    })
  })

  test.for([
    { missing: ['R2_S3_ENDPOINT'] },
    { missing: ['R2_SECRET_ACCESS_KEY'] },
    { missing: ['R2_BUCKET_NAME', 'R2_ACCESS_KEY_ID'] },
    { missing: ['R2_S3_ENDPOINT', 'R2_BUCKET_NAME', 'R2_SECRET_ACCESS_KEY'] },
  ])('are wrong when $missing is missing, by name', ({ missing }, { expect }) => {
    const variables = { ...R2, ...Object.fromEntries(missing.map((name) => [name, ''])) }
    const named = missing.map((name) => `${name}: must be set`)
    const text = new RegExp(`^The gateway's configuration is wrong: ${named.join('.*; ')}`)
    expect(() => parseSettings(variables)).toThrow(text)
    expect(() => parseSettings(variables)).not.toThrow('secret;')
  })

  test.for([
    { R2_S3_ENDPOINT: '0123456789abcdef.r2.cloudflarestorage.com' },
    { R2_S3_ENDPOINT: 'https://x.r2.cloudflarestorage.com/?a' },
    { R2_BUCKET_NAME: 'a/b' },
    { R2_BUCKET_NAME: 'Bucket' },
  ])('are wrong as %j', (wrong, { expect }) => {
    const [name = ''] = Object.keys(wrong)
    expect(() => parseSettings({ ...R2, ...wrong })).toThrow(`${name}: must be`)
  })
})

describe('what functions may reach', () => {
  test('is the public internet, and never the gateway, when nothing is said', ({ expect }) => {
    expect(parseSettings({}).functionOutbound).toEqual({
      isPublicAllowed: true,
      allowed: [],
      gatewayPorts: [8787, 9229],
    })
  })

  test.for([
    {
      FUNCTION_OUTBOUND: 'public,http://x/y',
      text: /FUNCTION_OUTBOUND: 'http:\/\/x\/y' is neither/,
    },
    { GATEWAY_PORTS: '8787,x', text: /GATEWAY_PORTS: must be ports/ },
    { GATEWAY_PORTS: '', text: /GATEWAY_PORTS: must be ports/ },
  ])('is wrong as %j', ({ text, ...wrong }, { expect }) => {
    expect(() => parseSettings(wrong)).toThrow(text)
  })
})
