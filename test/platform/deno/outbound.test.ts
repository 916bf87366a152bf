import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { until } from '../../support/local-gateway.ts'
import { startProcessHost } from '../../support/process-host.ts'
import { uploadFiles } from '../../support/runtime-host.ts'

// What functions in processes may reach, and what of their requests arrives.

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

const seen: Seen[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, body })
    if (url === '/moved') {
      response.writeHead(302, { location: '/here' }).end()
      return
    }
    if (url === '/switch') {
      request.socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      )
      return
    }
    if (url === '/phrase') {
      request.socket.end('HTTP/1.1 200 Fi\u0001ne\r\nContent-Length: 0\r\n\r\n')
      return
    }
    if (url === '/inwards') {
      response.writeHead(302, { location: `http://127.0.0.1:1/` }).end()
      return
    }
    response.writeHead(201, { 'x-answer': 'yes' }).end(`seen ${body}`)
  })
})

let host: Awaited<ReturnType<typeof startProcessHost>>
let port: number
let calls = 0
let slowLookups = 0
const nameServer = Promise.withResolvers<never>()

const ROLE = 'arn:aws:iam::000000000000:role/reader'

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  const variables = {
    FUNCTION_OUTBOUND: `public,local.example.com:${port}`,
    FUNCTION_AWS_ENDPOINTS: `dynamodb=http://127.0.0.1:${port}`,
    GATEWAY_PORTS: '4321',
  }
  const named = new Map([
    ['local.example.com', ['127.0.0.1']],
    ['sly.example.com', ['93.184.215.14', '127.0.0.1']],
    ['mapped.example.com', ['::ffff:10.0.0.1']],
  ])
  const lookup = (name: string) => {
    if (name.startsWith('slow')) {
      slowLookups += 1
      return nameServer.promise
    }
    const addresses = named.get(name) ?? [name]
    return Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
  host = await startProcessHost(variables, { lookup })
})
afterAll(async () => {
  await host.close()
  server.close()
})

/** What a handler's body comes to that ends in `context.fail(text)`. */
async function told(body: string, more: object = {}): Promise<string | null | undefined> {
  const name = `out-${++calls}`
  const source = `var http = require('http'), https = require('https');
    exports.handler = async function (event, context, callback) { ${body} }`
  const record = await uploadFiles(host, name, { 'index.js': source }, more)
  const run = { record, requestId: name, attempt: 1, slot: 0, payload: '{}' }
  const result = await host.runner.run(run)
  if (!result.ran) throw new Error(result.reason)
  return result.outcome.kind === 'succeeded' ? undefined : result.outcome.errorMessage
}

const byHttp = (url: string) => `
  var url = ${JSON.stringify(url)}
  ;(url.indexOf('https') === 0 ? https : http).get(url, function (res) { context.fail('reached') })
    .on('error', function (error) { context.fail(error.code + ' ' + error.message) })
  await new Promise(function () { setTimeout(function () {}, 5000) })`
const byFetch = (url: string) => `
  try { await fetch(${JSON.stringify(url)}); context.fail('reached') }
  catch (error) { context.fail(error.message) }`

describe('What is not public is refused in every spelling', () => {
  const spellings = [
    '127.0.0.1',
    '127.1',
    '0',
    '0.0.0.0',
    '2130706433',
    '0x7f.1',
    'localhost',
    'LOCALHOST.',
    'x.localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '10.0.0.1',
    '169.254.169.254',
    'sly.example.com',
    'mapped.example.com',
  ]
  test.concurrent.for(spellings)('%s', async (spelling, { expect }) => {
    const answers = await Promise.all([
      told(byHttp(`http://${spelling}:${port}/`)),
      told(byHttp(`https://${spelling}:${port}/`)),
      told(byFetch(`http://${spelling}:${port}/`)),
    ])
    for (const answer of answers) expect(answer).toMatch(/ECONNREFUSED.*not a public address/)
    expect(seen.filter(({ url }) => url === '/')).toEqual([])
  })

  test('a redirect inwards', async ({ expect }) => {
    const url = `http://local.example.com:${port}/inwards`
    expect(await told(byFetch(url))).toMatch(/127.0.0.1 is not a public address/)
  })

  test('a connection that its server makes another of', async ({ expect }) => {
    const url = `http://local.example.com:${port}/switch`
    expect(await told(byHttp(url))).toMatch(/ECONNREFUSED.*it has changed protocols/)
  })

  test('an answer whose status line cannot be passed on', async ({ expect }) => {
    const url = `http://local.example.com:${port}/phrase`
    expect(await told(byHttp(url))).toMatch(/ECONNREFUSED/)
  })

  test('the gateway’s own port, by whatever name', async ({ expect }) => {
    expect(await told(byHttp('http://127.0.0.1:4321/'))).toMatch(/the gateway's own/)
  })
})

test('A function has few names looked up at a time, whatever it asks for', async ({ expect }) => {
  const asking = told(`
    for (var left = 20; left > 0; left--) {
      http.get('http://slow-' + left + '.example.com/').on('error', function (error) {
        if (++left === 20) context.fail(error.message) })
    }`)
  await until(() => slowLookups >= 4)
  expect(await told(byHttp('http://127.0.0.1/'))).toMatch(/not a public address/)
  expect(slowLookups).toBe(4)
  nameServer.reject(new Error('no such name'))
  expect(await asking).toMatch(/no such name/)
})

describe('What is allowed arrives as it was sent', () => {
  test('by http, with its method, path, headers and body', async ({ expect }) => {
    const body = `
      var sent = http.request({ host: 'local.example.com', port: ${port}, method: 'PUT',
        path: "/a%20b?c=d", headers: { 'X-Own': 'z', Expect: '100-continue' } }, function (res) {
          var text = ''
          res.on('data', function (chunk) { text += chunk })
          res.on('end', function () {
            context.fail(res.statusCode + ' ' + res.headers['x-answer'] + ' ' + text) }) })
      sent.on('continue', function () { sent.end('grüße') })
      sent.on('error', context.fail)
      await new Promise(function () { setTimeout(function () {}, 5000) })`
    expect(await told(body)).toBe('201 yes seen grüße')
    const [arrived] = seen.filter(({ url }) => url.startsWith('/a'))
    expect(arrived).toMatchObject({ method: 'PUT', url: '/a%20b?c=d', body: 'grüße' })
    expect(arrived?.headers).toMatchObject({ host: `local.example.com:${port}`, 'x-own': 'z' })
    expect(
      Object.keys(arrived?.headers ?? {}).filter((name) => /gateway|expect/.test(name)),
    ).toEqual([])
  })

  test('by fetch, redirects followed', async ({ expect }) => {
    const body = `
      var res = await fetch('http://local.example.com:${port}/moved', { method: 'POST', body: 'x' })
      context.fail([res.status, res.url, res.redirected, await res.text()].join(' '))`
    expect(await told(body)).toBe(`201 http://local.example.com:${port}/here true seen `)
    const [arrived] = seen.filter(({ url }) => url === '/here')
    expect(arrived).toMatchObject({ method: 'GET', body: '' })
    expect(arrived?.headers.host).toBe(`local.example.com:${port}`)
  })

  test('for one of Amazon’s services, with the Host that was signed', async ({ expect }) => {
    const body = `
      var AWS = require('aws-sdk')
      new AWS.DynamoDB({ maxRetries: 0 }).listTables({})
        .on('build', function (request) {
          request.httpRequest.headers['X-Forwarded-Host'] = 'forged' })
        .send(function (error) { context.fail('answered') })
      await new Promise(function () { setTimeout(function () {}, 5000) })`
    expect(await told(body)).toBe('answered')
    const [arrived] = seen.filter(({ body: sent }) => sent === '{}')
    expect(arrived?.headers).toMatchObject({
      host: 'dynamodb.us-east-1.amazonaws.com',
      'x-forwarded-host': 'dynamodb.us-east-1.amazonaws.com',
    })
  })
})

describe('The gateway’s own services are answered in the gateway', () => {
  const list = (options: string) => `
    var AWS = require('aws-sdk')
    new AWS.Kinesis({ maxRetries: 0 ${options} }).listStreams({}, function (error, data) {
      context.fail(error ? error.code : JSON.stringify(data)) })
    await new Promise(function () { setTimeout(function () {}, 5000) })`

  test('to keys that it knows', async ({ expect }) => {
    const keys = `, accessKeyId: 'local', secretAccessKey: 'local', sessionToken: ''`
    expect(await told(list(keys))).toContain('"StreamNames":[]')
  })

  test('and to nobody else', async ({ expect }) => {
    expect(await told(list(''))).toMatch(/UnrecognizedClient|InvalidClientTokenId|InvalidSignature/)
  })

  test('a function’s role may do what its policies say', async ({ expect }) => {
    const roleName = 'reader'
    await host.directory.ask('createRole', {
      roleName,
      path: '/',
      roleId: 'AROAREADER',
      description: '',
      maxSessionSeconds: 3600,
      trustPolicy: '{}',
      isForLambda: true,
    })
    const body = `
      var AWS = require('aws-sdk')
      new AWS.STS().getCallerIdentity({}, function (error, data) {
        context.fail(error ? error.code : data.Arn) })
      await new Promise(function () { setTimeout(function () {}, 5000) })`
    expect(await told(body, { Role: ROLE })).toMatch(/assumed-role\/reader\/out-/)
  })
})
