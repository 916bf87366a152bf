import { describe, expect, test } from 'vitest'
import { parseAllowedHosts, type OutboundPolicy } from '../../src/aws/outbound-policy.ts'
import { gatewayRefusalOf, refusalOf } from '../../src/runtime/outbound-refusal.ts'

const GATEWAY_PORTS = [8787, 9229]

function policyOf(setting: string): OutboundPolicy {
  return { ...parseAllowedHosts(setting), gatewayPorts: GATEWAY_PORTS }
}

function isAllowed(setting: string, url: string): boolean {
  return refusalOf(new URL(url), policyOf(setting)) === undefined
}

describe('FUNCTION_OUTBOUND=public', () => {
  test.each([
    'http://example.com/',
    'https://example.com:8787/',
    'http://93.184.216.34/',
    'http://[2606:4700::1111]/',
    'http://172.15.0.1/',
    'http://172.32.0.1/',
    'http://100.63.0.1/',
    'http://[::ffff:93.184.216.34]/',
  ])('allows %s', (url) => {
    expect(isAllowed('public', url)).toBe(true)
  })

  test.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://printer/',
    'http://nas.local/',
    'http://metadata.google.internal/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f.0.0.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://0.0.0.0/',
    'http://0/',
    'http://10.1.2.3/',
    'http://100.64.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[ff02::1]/',
    'http://192.0.2.1/',
    'http://192.88.99.1/',
    'http://198.51.100.1/',
    'http://203.0.113.1/',
    'http://[2001:0:7f00:1::]/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
    'http://nas.lan/',
    'http://wiki.corp/',
    'http://user:pass@127.0.0.1/',
  ])('refuses %s', (url) => {
    expect(isAllowed('public', url)).toBe(false)
  })
})

describe('a list', () => {
  test.each([
    { setting: 'public,127.0.0.1', url: 'http://127.0.0.1:5000/', expected: true },
    { setting: 'public,127.0.0.1', url: 'http://127.1:5000/', expected: true },
    { setting: 'public,127.0.0.1', url: 'http://127.0.0.2:5000/', expected: false },
    { setting: 'public,127.0.0.1', url: 'http://127.0.0.1:8787/', expected: false },
    { setting: 'public,127.0.0.1:8787', url: 'http://127.0.0.1:8787/', expected: false },
    { setting: 'public,127.0.0.1:9229', url: 'http://127.0.0.1:9229/json', expected: false },
    { setting: 'public,127.0.0.1:80', url: 'http://127.0.0.1/', expected: true },
    { setting: 'db.local:8000', url: 'http://db.local:8000/', expected: true },
    { setting: 'db.local:8000', url: 'http://db.local:8001/', expected: false },
    { setting: 'db.local:8000', url: 'http://example.com/', expected: false },
    { setting: 'none', url: 'http://example.com/', expected: false },
    { setting: '', url: 'http://example.com/', expected: false },
    { setting: 'none,[::1]:5000', url: 'http://[::1]:5000/', expected: true },
  ])('$setting: $url → $expected', ({ setting, url, expected }) => {
    expect(isAllowed(setting, url)).toBe(expected)
  })

  test('with a part that is no host is refused by name', () => {
    expect(() => parseAllowedHosts('public,http://x/y')).toThrow("'http://x/y'")
  })
})

describe('a server that the operator named', () => {
  const policy = policyOf('none')

  test.each(['http://127.0.0.1:8000', 'http://localhost', 'https://s3.example.com:8787'])(
    'is reached at %s, whatever FUNCTION_OUTBOUND says',
    (url) => {
      expect(gatewayRefusalOf(new URL(url), policy)).toBeUndefined()
    },
  )

  test.each(['http://127.0.0.1:8787', 'http://localhost:9229', 'http://[::1]:8787'])(
    'is not reached at %s',
    (url) => {
      expect(gatewayRefusalOf(new URL(url), policy)).toMatch(/the gateway's own/)
    },
  )
})
