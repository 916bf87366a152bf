import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { incomingBody } from '../../../src/platform/deno/incoming-body.ts'

const KIB = 1024

const server = createServer()
let client: Socket

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => {
  client.destroy()
  server.close()
})

/** A request whose client has sent nothing but its head. */
async function begun(head: string): Promise<IncomingMessage> {
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const came = once(server, 'request') as Promise<[IncomingMessage]>
  client.write(`POST / HTTP/1.1\r\nhost: a.test\r\n${head}\r\n\r\n`)
  const [message] = await came
  return message
}

const lengthOf = async (body: Awaited<ReturnType<typeof incomingBody>>) =>
  (await new Response(body).arrayBuffer()).byteLength

test('a short body is there when all of it has come', async () => {
  const body = incomingBody(await begun(`content-length: ${64 * KIB}`))
  client.write('x'.repeat(40 * KIB))
  client.write('x'.repeat(24 * KIB))
  expect(await body).toHaveLength(64 * KIB)
})

test('a short body that breaks off is none', async () => {
  const body = incomingBody(await begun('content-length: 10'))
  client.write('abc', () => client.destroy())
  await expect(body).rejects.toThrow('The connection was lost')
})

test.each([
  { what: 'a long one', head: `content-length: ${64 * KIB + 1}`, rest: 'x'.repeat(64 * KIB + 1) },
  {
    what: 'one of unknown length',
    head: 'transfer-encoding: chunked',
    rest: '1\r\nx\r\n0\r\n\r\n',
  },
])('$what can be read before any of it has come', async ({ head, rest }) => {
  const body = await incomingBody(await begun(head))
  expect(body).toBeInstanceOf(ReadableStream)
  client.write(rest)
  expect(await lengthOf(body)).toBe(head.startsWith('content') ? rest.length : 1)
})

test.each(['content-length: 0', 'x-body: none'])('there is none with %s', async (head) => {
  expect(await incomingBody(await begun(head))).toBeNull()
})
