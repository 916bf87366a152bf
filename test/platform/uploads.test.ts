import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FunctionConfiguration } from '../../src/aws/function-configuration.ts'
import { StoredObjects } from '../../src/delivery/stored-objects.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import { until } from '../support/local-gateway.ts'
import { uploadQuery, zipOf } from '../support/memory-gateway.ts'
import { signedRequest } from '../support/signed-request.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'

// UploadFunction on a real workerd: what its memory and its bucket look like when things go wrong.

const KIB = 1024
const MIB = 1024 * KIB

let workerd: WorkerdPorts

beforeAll(async () => {
  workerd = await workerdPorts()
})

afterAll(() => workerd.close())

type Sign = Parameters<typeof signedRequest>[2]

const urlOf = (name: string, query: Record<string, string> = {}) =>
  `${workerd.origin}/2014-11-13/functions/${name}?${uploadQuery(query)}`

async function upload(
  name: string,
  body: Uint8Array<ArrayBuffer>,
  { query = {}, sign }: { query?: Record<string, string>; sign?: Sign } = {},
): Promise<Response> {
  return fetch(await signedRequest(urlOf(name, query), { method: 'PUT', body }, sign))
}

async function getFunction(name: string) {
  const response = await fetch(await signedRequest(urlOf(name)))
  const { Configuration, Code } = (await response.json()) as {
    Configuration: FunctionConfiguration
    Code: { Location: string }
  }
  const download = await fetch(Code.Location)
  return { configuration: Configuration, zip: new Uint8Array(await download.arrayBuffer()) }
}

const keysOf = async (name: string) =>
  (await workerd.code.list(`code/${name}/`)).map(({ key }) => key)

describe('a put of 50 MB', () => {
  test.each([
    { chunkBytes: 4 * KIB, takenBytes: 0 },
    { chunkBytes: 64 * KIB, takenBytes: 0 },
    { chunkBytes: 64 * KIB, takenBytes: 5 * MIB },
    { chunkBytes: MIB, takenBytes: 20 * MIB },
  ])(
    'by chunks of $chunkBytes bytes reads at most 8 MiB more than the $takenBytes bytes that a stalled bucket took',
    async ({ chunkBytes, takenBytes }) => {
      const read = await workerd.oddBuckets.readByStalledPut(chunkBytes, takenBytes)
      expect(read).toBeGreaterThanOrEqual(takenBytes)
      expect(read - takenBytes).toBeLessThanOrEqual(8 * MIB)
    },
  )

  test('that the bucket refuses reads no further, and says why', async () => {
    expect(await workerd.oddBuckets.refusedPut()).toEqual({
      error: 'Error: R2 is away',
      isCancelled: true,
    })
  })
})

describe('an upload leaves nothing behind', () => {
  const fifty = new Uint8Array(50 * MIB)
  test.each<{ what: string; body: Uint8Array<ArrayBuffer>; sign?: Sign; status: number }>([
    {
      what: 'of 50 MB with a wrong signature',
      body: fifty,
      sign: { secretAccessKey: 'wrong' },
      status: 403,
    },
    { what: 'of 50 MB that are no zip', body: fifty, status: 400 },
    { what: 'of more than 50 MB', body: new Uint8Array(50 * MIB + 1), status: 400 },
    { what: 'without the handler file', body: zipOf({ 'main.js': '' }), status: 400 },
  ])('$what', async ({ body, sign, status }) => {
    const response = await upload('refused', body, sign === undefined ? {} : { sign })
    expect(response.status).toBe(status)
    expect(await keysOf('refused')).toEqual([])
    expect((await fetch(await signedRequest(urlOf('refused')))).status).toBe(404)
  })

  test('whose client hangs up in the middle, but what the sweep removes', async () => {
    const { url, headers } = await signedRequest(urlOf('hung-up'), { method: 'PUT', body: 'x' })
    await new Promise<void>((resolve) => {
      const sent = { ...Object.fromEntries(headers), 'content-length': String(50 * MIB) }
      const client = request(url, { method: 'PUT', headers: sent })
      client.on('error', () => undefined)
      client.on('close', () => resolve())
      client.write(randomBytes(4 * MIB), () => client.destroy())
    })
    const sweep = new StoredObjects(memorySql(), {
      delete: (key) => workerd.code.delete(key),
      async *list(prefix) {
        yield* await workerd.code.list(prefix)
      },
    })
    // By then the hour is over in which the object might still have been wanted.
    const later = Date.now() + 2 * 60 * 60 * 1000
    sweep.expect('hung-up', Date.now())
    await until(async () => {
      await sweep.clean({ hasCode: () => false, hasEvent: () => false }, later)
      return (await keysOf('hung-up')).length === 0
    })
    expect((await fetch(await signedRequest(urlOf('hung-up')))).status).toBe(404)
  })
})

test('a package of 40 MB is taken, with large files and a thousand small ones', async () => {
  const small = Array.from({ length: 1000 }, (_, n) => [`lib/${n}.js`, randomBytes(500)] as const)
  const large = new Uint8Array(randomBytes(19 * MIB))
  const zip = zipSync({
    'index.js': new Uint8Array(),
    'stored.bin': [large, { level: 0 }],
    'deflated.bin': [large, { level: 1 }],
    ...Object.fromEntries(small.map(([name, bytes]) => [name, new Uint8Array(bytes)])),
  })
  const response = await upload('large', new Uint8Array(zip))
  expect(response.status).toBe(201)
  expect(Buffer.compare((await getFunction('large')).zip, zip)).toBe(0)
})

describe('uploads of one name at the same time', () => {
  const versionOf = (version: number) => ({
    zip: zipOf({ 'index.js': `// ${'v'.repeat(version)}`, 'a.txt': randomText(version) }),
    query: { Description: `version ${version}`, Timeout: String(version + 1) },
  })
  const FIRST = versionOf(0)
  const VERSIONS = [FIRST, ...Array.from({ length: 7 }, (_, index) => versionOf(index + 1))]

  function isWhole({ configuration, zip }: Awaited<ReturnType<typeof getFunction>>): boolean {
    const version = VERSIONS.find(({ query }) => query.Description === configuration.Description)
    return (
      version !== undefined &&
      configuration.Timeout === Number(version.query.Timeout) &&
      configuration.CodeSize === version.zip.byteLength &&
      Buffer.compare(zip, version.zip) === 0
    )
  }

  test('are all accepted, settle on one whole version, and never show half of one', async () => {
    await upload('race', FIRST.zip, FIRST)
    let isOver = false
    const uploading = Promise.all(VERSIONS.map(({ zip, query }) => upload('race', zip, { query })))
    const responses = uploading.finally(() => (isOver = true))
    const seen: boolean[] = []
    while (!isOver) seen.push(isWhole(await getFunction('race')))
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).not.toContain(false)
    const answers = await Promise.all(
      (await responses).map(async (response) => {
        expect(response.status).toBe(201)
        return (await response.json()) as FunctionConfiguration
      }),
    )
    const settled = await getFunction('race')
    expect(isWhole(settled)).toBe(true)
    expect(answers).toContainEqual(settled.configuration)
    expect(new Set(answers.map(({ ConfigurationId }) => ConfigurationId)).size).toBe(8)
  })
})

function randomText(version: number): string {
  return randomBytes(1000 * (version + 1)).toString('base64')
}
