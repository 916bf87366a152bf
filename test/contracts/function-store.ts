import { describe, expect, test } from 'vitest'
import type { FunctionRecord } from '../../src/aws/function-configuration.ts'
import type { FunctionStore } from '../../src/ports/function-store.ts'

export function recordOf(FunctionName: string, more: object = {}): FunctionRecord {
  return {
    configuration: {
      FunctionName,
      FunctionARN: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
      ConfigurationId: '00000000-0000-4000-8000-000000000000',
      Runtime: 'nodejs',
      Role: 'arn:aws:iam::000000000000:role/lambda',
      Handler: 'index.handler',
      Mode: 'event',
      CodeSize: 1,
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: '2015-01-06T18:30:35.841+0000',
      ...more,
    },
    codeKey: `code/${FunctionName}/1.zip`,
  }
}

async function inFifties(names: string[], work: (name: string) => Promise<void>): Promise<void> {
  for (let at = 0; at < names.length; at += 50) {
    await Promise.all(names.slice(at, at + 50).map(work))
  }
}

/** What every function store promises. Each test uses names of its own and cleans them up. */
export function functionStoreContract(platform: string, store: () => FunctionStore): void {
  describe(`function store on ${platform}`, () => {
    test('answers undefined for a function that it does not have', async () => {
      expect(await store().get('nobody')).toBeUndefined()
      await store().delete('nobody')
    })

    test('gives back what was put, and the newest of it', async () => {
      await store().put(recordOf('one', { Description: 'é€😀' }))
      expect(await store().get('one')).toEqual(recordOf('one', { Description: 'é€😀' }))
      await store().put(recordOf('one', { Timeout: 9 }))
      expect(await store().get('one')).toEqual(recordOf('one', { Timeout: 9 }))
      await store().delete('one')
      expect(await store().get('one')).toBeUndefined()
    })

    test('lists in the order of names, also records too large for what it keeps beside keys', async () => {
      // 512 bytes of Description and 600 of Role: no such record fits into 1024 bytes.
      const Role = `arn:aws:iam::000000000000:role/${'r'.repeat(569)}`
      const large = { Description: '😀'.repeat(128), Role }
      for (const name of ['b', 'a', 'B', 'a-1']) await store().put(recordOf(name, large))
      await store().put(recordOf('_small'))
      const { records, cursor } = await store().list(10)
      expect(records.map((record) => record.configuration.FunctionName)).toEqual([
        'B',
        '_small',
        'a',
        'a-1',
        'b',
      ])
      expect(records[0]).toEqual(recordOf('B', large))
      expect(cursor).toBeUndefined()
      for (const name of ['b', 'a', 'B', 'a-1', '_small']) await store().delete(name)
    })

    test('pages by a cursor that survives deletions between pages, and has none at the end', async () => {
      const names = ['p1', 'p2', 'p3', 'p4', 'p5']
      for (const name of names) await store().put(recordOf(name))
      const first = await store().list(2)
      expect(first.records).toHaveLength(2)
      await store().delete('p2')
      await store().delete('p3')
      const second = await store().list(2, first.cursor)
      expect(second).toEqual({ records: [recordOf('p4'), recordOf('p5')] })
      for (const name of names) await store().delete(name)
    })

    test('has no cursor behind a full page that nothing follows', async () => {
      const names = ['e1', 'e2', 'e3']
      for (const name of names) await store().put(recordOf(name))
      expect(await store().list(3)).toEqual({ records: names.map((name) => recordOf(name)) })
      const { cursor } = await store().list(1)
      expect(await store().list(2, cursor)).toEqual({ records: [recordOf('e2'), recordOf('e3')] })
      await store().delete('e3')
      expect(await store().list(1, cursor)).toEqual({ records: [recordOf('e2')] })
      for (const name of names) await store().delete(name)
    })

    test('lists more than a thousand in one page', async () => {
      const names = Array.from({ length: 1101 }, (_, i) => `many-${String(i).padStart(4, '0')}`)
      await inFifties(names, (name) => store().put(recordOf(name)))
      const { records, cursor } = await store().list(1100)
      expect(records.map((record) => record.configuration.FunctionName)).toEqual(
        names.slice(0, 1100),
      )
      const rest = await store().list(1100, cursor)
      expect(rest).toEqual({ records: [recordOf('many-1100')] })
      await inFifties(names, (name) => store().delete(name))
    })
  })
}
