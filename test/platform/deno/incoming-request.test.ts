import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { incomingRequest } from '../../../src/platform/deno/incoming-request.ts'

test.each([
  { target: '/x?y=%2F', url: 'http://a.test:8787/x?y=%2F' },
  { target: 'http://b.test/x?y', url: 'http://b.test/x?y' },
  // Policies may ask whether it came by TLS, and here nothing does.
  { target: 'https://a.test/x?y', url: 'http://a.test/x?y' },
])('a request for $target is one for $url', async ({ target, url }) => {
  const message = new IncomingMessage(new Socket())
  message.method = 'GET'
  message.url = target
  message.headers = { host: 'a.test:8787' }
  expect((await incomingRequest(message)).url).toBe(url)
})
