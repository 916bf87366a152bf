import { once } from 'node:events'
import { createServer, IncomingMessage } from 'node:http'
import { connect, Socket, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { incomingBody } from '../../../src/platform/deno/incoming-body.ts'

const server = createServer()

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

type Body = Awaited<ReturnType<typeof incomingBody>>

/** The body of a request of which so much has come, and the client that sends the rest. */
async function begun(header: string, begin: string): Promise<{ body: Body; client: Socket }> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const came = new Promise<Body>((resolve) => {
    server.once('request', (message: IncomingMessage) => resolve(incomingBody(message)))
  })
  client.write(`POST / HTTP/1.1\r\nhost: a.test\r\n${header}\r\n\r\n${begin}`)
  return { body: await came, client }
}

const textOf = (body: Body) => new Response(body).text()

/** A request of which all has come, to be read in these pieces. */
function wholeRequest(header: string, value: string, pieces: readonly string[]): IncomingMessage {
  const message = new IncomingMessage(new Socket())
  message.headers = { [header]: value }
  message.complete = true
  const left = pieces.map((piece) => Buffer.from(piece))
  message.read = () => left.shift() ?? null
  return message
}

test.each([
  { header: 'content-length', value: '3', pieces: ['abc'] },
  { header: 'content-length', value: '3', pieces: ['ab', 'c'] },
  { header: 'transfer-encoding', value: 'chunked', pieces: ['abc'] },
  { header: 'transfer-encoding', value: 'chunked', pieces: [] },
])(
  'a body that came with its head is there, $header, $pieces',
  async ({ header, value, pieces }) => {
    const body = await incomingBody(wholeRequest(header, value, pieces))
    expect(body).toEqual(Buffer.from(pieces.join('')))
  },
)

test.each([
  { header: 'content-length: 3', begin: '', rest: 'abc' },
  { header: 'content-length: 3', begin: 'a', rest: 'bc' },
  { header: 'transfer-encoding: chunked', begin: '1\r\na\r\n', rest: '2\r\nbc\r\n0\r\n\r\n' },
])('nobody waits for the rest of one, $header, "$begin"', async ({ header, begin, rest }) => {
  const { body, client } = await begun(header, begin)
  expect(body).toBeInstanceOf(ReadableStream)
  client.write(rest)
  expect(await textOf(body)).toBe('abc')
})

test('the rest of one may never come', async () => {
  const { body, client } = await begun('content-length: 3', 'a')
  client.destroy()
  await expect(textOf(body)).rejects.toThrow('The connection was lost')
})

test.each(['content-length: 0', 'x-body: none'])('there is none with %s', async (header) => {
  const { body } = await begun(header, '')
  expect(body).toBeNull()
})
