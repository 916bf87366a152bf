import { describe, expect, test } from 'vitest'
import { ROLE, zipOf } from '../support/memory-gateway.ts'
import { namesIn, type Wire } from '../support/wire.ts'

const FUNCTIONS = '/2014-11-13/functions'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Json = Record<string, unknown>
const json = async (response: Response) => (await response.json()) as Json

async function configurationOf({ call }: Wire, name: string): Promise<Json> {
  return json(await call('GET', `${FUNCTIONS}/${name}/configuration`))
}

/** What a function's record says, and when it changes. */
export function recordRows(platform: string, fresh: () => Promise<Wire>): void {
  describe(`a function's configuration on ${platform}`, () => {
    test('has every member, in the forms of 2014', async () => {
      const { upload } = await fresh()
      const zip = zipOf()
      expect(await json(await upload('hello', {}, zip))).toEqual({
        FunctionName: 'hello',
        FunctionARN: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
        ConfigurationId: expect.stringMatching(UUID),
        Runtime: 'nodejs',
        Role: ROLE,
        Handler: 'index.handler',
        Mode: 'event',
        CodeSize: zip.byteLength,
        Description: '',
        Timeout: 3,
        MemorySize: 128,
        LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      })
    })

    test('is the same wherever it is shown', async () => {
      const wire = await fresh()
      const uploaded = await json(await wire.upload('hello', { Description: 'é€😀' }))
      expect(await configurationOf(wire, 'hello')).toEqual(uploaded)
      const got = await json(await wire.call('GET', `${FUNCTIONS}/hello`))
      expect(got).toEqual({
        Configuration: uploaded,
        Code: { RepositoryType: 'S3', Location: expect.stringMatching(/^http/) },
      })
      const listed = await json(await wire.call('GET', `${FUNCTIONS}/`))
      expect(listed).toEqual({ Functions: [uploaded] })
    })

    test('is replaced as a whole by UploadFunction, with 201 again', async () => {
      const wire = await fresh()
      const full = { Description: 'one', Timeout: '10', MemorySize: '256' }
      const first = await json(await wire.upload('hello', full))
      const response = await wire.upload('hello')
      expect(response.status).toBe(201)
      const second = await json(response)
      expect(second).toMatchObject({ Description: '', Timeout: 3, MemorySize: 128 })
      expect(second.ConfigurationId).not.toBe(first.ConfigurationId)
      expect(await configurationOf(wire, 'hello')).toEqual(second)
    })

    test('keeps what UpdateFunctionConfiguration omits', async () => {
      const wire = await fresh()
      const before = await json(await wire.upload('hello', { Description: 'kept' }))
      const response = await wire.call('PUT', `${FUNCTIONS}/hello/configuration?Timeout=5`, '{}')
      expect(response.status).toBe(200)
      const after = await json(response)
      const { ConfigurationId, LastModified } = after
      expect(after).toEqual({ ...before, Timeout: 5, ConfigurationId, LastModified })
      expect(ConfigurationId).not.toBe(before.ConfigurationId)
    })

    test('has a new id even when an update changes nothing', async () => {
      const wire = await fresh()
      const before = await json(await wire.upload('hello'))
      const after = await json(await wire.call('PUT', `${FUNCTIONS}/hello/configuration`, '{}'))
      expect(after.ConfigurationId).not.toBe(before.ConfigurationId)
      expect(after).toMatchObject({ Timeout: 3, CodeSize: before.CodeSize })
    })

    test('is gone with DeleteFunction, and begins anew afterwards', async () => {
      const wire = await fresh()
      await wire.upload('hello', { Description: 'old' })
      expect((await wire.call('DELETE', `${FUNCTIONS}/hello`)).status).toBe(204)
      expect((await wire.call('DELETE', `${FUNCTIONS}/hello`)).status).toBe(404)
      expect(await namesIn(wire)).toEqual([])
      expect(await json(await wire.upload('hello'))).toMatchObject({ Description: '' })
    })

    test.each([
      { name: 'a wrong signature', sign: { secretAccessKey: 'guess' } },
      { name: 'an unknown access key', sign: { accessKeyId: 'someone' } },
      { name: 'another zip than was signed', sign: { sent: zipOf({ 'index.js': '//' }) } },
      { name: 'no zip', zip: new TextEncoder().encode('no zip') },
      { name: 'a zip without the handler', zip: zipOf({ 'main.js': '' }) },
    ])('stays as it was after an upload with $name', async ({ zip = zipOf(), sign = {} }) => {
      const wire = await fresh()
      const before = await json(await wire.upload('hello'))
      const response = await wire.upload('hello', { Description: 'new' }, zip, sign)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(await configurationOf(wire, 'hello')).toEqual(before)
    })
  })
}
