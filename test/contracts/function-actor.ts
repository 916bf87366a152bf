import { describe, expect, test } from 'vitest'
import type { FunctionConfiguration, FunctionDraft } from '../../src/aws/function-configuration.ts'
import type { DeadLetters, EventRecords } from '../../src/ports/event-records.ts'
import type { FunctionInboxes } from '../../src/ports/function-inboxes.ts'
import type { FunctionRegistry } from '../../src/ports/function-registry.ts'
import type { FunctionStore } from '../../src/ports/function-store.ts'
import { until } from '../support/local-gateway.ts'
import { recordOf } from './function-store.ts'

interface Tested {
  registry: FunctionRegistry
  inboxes: FunctionInboxes
  events: EventRecords
  deadLetters: DeadLetters
  functions: Pick<FunctionStore, 'get'>
}

export function draftOf(FunctionName: string, more: object = {}): FunctionDraft {
  const draft: Partial<FunctionConfiguration> = recordOf(FunctionName, more).configuration
  delete draft.ConfigurationId
  delete draft.LastModified
  return draft as FunctionDraft
}

/** The function registry and the inboxes: the Function actor seen from outside. */
export function functionActorContract(platform: string, tested: () => Tested): void {
  describe(`function registry on ${platform}`, () => {
    test('answers for a function that does not exist', async () => {
      expect(await tested().registry.updateConfiguration('none', { Timeout: 5 })).toBeUndefined()
      expect(await tested().registry.delete('none')).toBe(false)
    })

    test('makes, replaces, changes and deletes, and publishes each before it answers', async () => {
      const { registry, functions } = tested()
      const first = await registry.upload(draftOf('f', { Description: 'one' }), 'code/f/1.zip')
      expect(first).toMatchObject({ configuration: draftOf('f', { Description: 'one' }) })
      expect(await functions.get('f')).toEqual(first)
      const second = await registry.upload(draftOf('f'), 'code/f/2.zip')
      expect(second.codeKey).toBe('code/f/2.zip')
      expect(await functions.get('f')).toEqual(second)
      const third = await registry.updateConfiguration('f', { Timeout: 9, Handler: undefined })
      expect(third).toMatchObject({ configuration: { Timeout: 9, Handler: 'index.handler' } })
      expect(await functions.get('f')).toEqual(third)
      const ids = [first, second, third].map((record) => record?.configuration.ConfigurationId)
      expect(new Set(ids).size).toBe(3)
      expect(await registry.get('f')).toEqual(third)
      expect(await registry.delete('f')).toBe(true)
      expect(await registry.get('f')).toBeUndefined()
      expect(await functions.get('f')).toBeUndefined()
      expect(await registry.delete('f')).toBe(false)
    })

    test('settles uploads at the same time on one whole version', async () => {
      const { registry, functions } = tested()
      const uploads = Array.from({ length: 8 }, (_, i) =>
        registry.upload(draftOf('race', { Description: String(i) }), `code/race/${i}.zip`),
      )
      const records = await Promise.all(uploads)
      await until(async () => {
        const published = await functions.get('race')
        return published !== undefined
      })
      const published = await functions.get('race')
      expect(records).toContainEqual(published)
      expect(published?.codeKey).toBe(`code/race/${published?.configuration.Description}.zip`)
    })
  })

  describe(`function inboxes on ${platform}`, () => {
    test('have no dead letters for a function that nobody knows', async () => {
      expect(await tested().deadLetters.list('stranger', 10)).toEqual({ letters: [] })
    })

    test('lay events of a function that was never uploaded down as dead, with the reason', async () => {
      const event = {
        functionName: 'ghost',
        requestId: '11111111-1111-4111-8111-111111111111',
        acceptedAtMilliseconds: 5,
        payload: '{"n":12345678901234567890}',
      }
      await tested().inboxes.accept('ghost', [event, event])
      await until(async () => (await tested().deadLetters.list('ghost', 10)).letters.length > 0)
      expect((await tested().deadLetters.list('ghost', 10)).letters).toEqual([
        {
          requestId: event.requestId,
          payload: event.payload,
          acceptedAtMilliseconds: 5,
          diedAtMilliseconds: expect.any(Number),
          reason: 'Function not found: it was never uploaded',
          attempts: [],
        },
      ])
    })
  })
}
