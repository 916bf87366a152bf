import { describe, expect, test } from 'vitest'
import { FunctionActor } from '../../src/delivery/function-actor.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import { draftOf } from '../contracts/function-actor.ts'
import { memoryGateway, zipOf } from '../support/memory-gateway.ts'
import { scriptedRunner, settled } from '../support/scripted-runner.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const REFUSED = new TextEncoder().encode('no zip')

function storing() {
  const gateway = memoryGateway()
  const { code, registry } = gateway.ports
  return {
    ...gateway,
    code,
    registry,
    async store(key: string, text = 'x') {
      await code.put(key, new Blob([text]).stream(), text.length)
    },
    async keys(): Promise<string[]> {
      const listed = await Array.fromAsync(code.list(''))
      return listed.map(({ key }) => key)
    },
    /** Lets time go by in small steps, and alarms ring when they are due. */
    async pass(milliseconds: number) {
      for (let left = milliseconds; left > 0; left -= 10 * MINUTE) {
        gateway.clock.advance(Math.min(left, 10 * MINUTE))
        await gateway.fireAlarms()
      }
    },
  }
}

describe('what an upload leaves behind', () => {
  test.each([
    { what: 'of a function that never was', name: 'new' },
    { what: 'of a function that there is', name: 'hello' },
  ])('when it dies after storing the zip goes after an hour, $what', async ({ name }) => {
    const { upload, registry, store, keys, pass } = storing()
    await upload('hello')
    const [current] = await keys()
    await registry.expectObjects(name)
    await store(`code/${name}/left.zip`)
    await pass(50 * MINUTE)
    expect(await keys()).toEqual([current, `code/${name}/left.zip`].sort())
    await pass(20 * MINUTE)
    expect(await keys()).toEqual([current])
  })

  test('goes a few objects at an alarm, all at once, so that other work need not wait', async () => {
    const { registry, code, store, keys, clock, fireAlarms, nextAlarmAtMilliseconds } = storing()
    await registry.expectObjects('hello')
    for (let n = 0; n < 50; n++) await store(`code/hello/${n}.zip`)
    const reallyDelete = code.delete
    let underWay = 0
    let most = 0
    code.delete = async (key) => {
      underWay += 1
      most = Math.max(most, underWay)
      await settled()
      underWay -= 1
      await reallyDelete(key)
    }
    clock.advance(HOUR)
    for (const left of [30, 10]) {
      await fireAlarms()
      expect(await keys()).toHaveLength(left)
      expect(nextAlarmAtMilliseconds()).toBe(clock.now() + 10)
      clock.advance(10)
    }
    await fireAlarms()
    expect(await keys()).toEqual([])
    expect(nextAlarmAtMilliseconds()).toBeGreaterThan(clock.now() + HOUR)
    expect(most).toBe(20)
  })

  test('when it is refused and cannot be deleted goes after an hour', async () => {
    const { upload, code, keys, pass } = storing()
    const reallyDelete = code.delete
    code.delete = () => Promise.reject(new Error('the store is away'))
    expect((await upload('hello', {}, REFUSED)).status).toBe(400)
    expect(await keys()).toHaveLength(1)
    code.delete = reallyDelete
    await pass(70 * MINUTE)
    expect(await keys()).toEqual([])
  })

  test('when it took five hours and dies then goes within a day', async () => {
    const { registry, store, keys, pass } = storing()
    await registry.expectObjects('slow')
    await pass(5 * HOUR)
    await store('code/slow/left.zip')
    await pass(19 * HOUR)
    expect(await keys()).toEqual([])
  })

  test('goes once the store, which was away, is back', async () => {
    const { registry, code, store, keys, pass } = storing()
    const { delete: reallyDelete, list: reallyList } = code
    await registry.expectObjects('hello')
    await store('code/hello/left.zip')
    code.list = () => {
      throw new Error('the store is away')
    }
    await pass(2 * HOUR)
    code.list = reallyList
    code.delete = () => Promise.reject(new Error('the store is away'))
    await pass(2 * HOUR)
    expect(await keys()).toHaveLength(1)
    code.delete = reallyDelete
    await pass(10 * MINUTE)
    expect(await keys()).toEqual([])
  })

  test('goes also when the actor was restarted in between', async () => {
    const { clock, code, ports, store, keys } = storing()
    let alarmAt = Infinity
    const alarm = { set: (at: number) => void (alarmAt = at), clear: () => undefined }
    const host = {
      ...{ sql: memorySql(), alarm },
      ...{ code, runner: scriptedRunner().runner, settings: ports.settings, now: clock.now },
      functions: { put: () => Promise.resolve(), delete: () => Promise.resolve() },
      log: { note: () => undefined },
      newId: () => crypto.randomUUID(),
    }
    new FunctionActor(host).expectObjects('hello')
    await store('code/hello/left.zip')
    expect(alarmAt).toBeLessThanOrEqual(clock.now() + HOUR)
    clock.advance(HOUR)
    await new FunctionActor(host).wake()
    expect(await keys()).toEqual([])
  })

  test('is no longer taken as code once it was given up', async () => {
    const { registry, store, pass, ports } = storing()
    await registry.expectObjects('hello')
    await store('code/hello/late.zip')
    ports.code.delete = () => Promise.reject(new Error('the store is away'))
    await pass(70 * MINUTE)
    await expect(registry.upload(draftOf('hello'), 'code/hello/late.zip')).rejects.toThrow(
      'code/hello/late.zip was given up',
    )
    expect(await ports.functions.get('hello')).toBeUndefined()
  })
})

describe('what a function needs', () => {
  test('stays, whatever is swept', async () => {
    const { upload, registry, code, keys, pass } = storing()
    await upload('hello')
    const [current = ''] = await keys()
    for (let day = 0; day < 3; day++) {
      await registry.expectObjects('hello')
      await pass(DAY)
    }
    expect(await code.head(current)).toBeDefined()
  })

  test('stays for a quarter of an hour after it was replaced, or its function deleted', async () => {
    const { upload, call, keys, pass } = storing()
    await upload('hello')
    const [first] = await keys()
    await pass(HOUR)
    await upload('hello', {}, zipOf({ 'index.js': '// new' }))
    await pass(14 * MINUTE)
    expect(await keys()).toContain(first)
    await pass(2 * MINUTE)
    const second = await keys()
    expect(second).toHaveLength(1)
    expect(second).not.toContain(first)
    await call('DELETE', '/2014-11-13/functions/hello')
    await pass(14 * MINUTE)
    expect(await keys()).toEqual(second)
    await pass(2 * MINUTE)
    expect(await keys()).toEqual([])
  })

  test('is not touched by the sweep of a function whose name begins alike', async () => {
    const { upload, registry, keys, pass } = storing()
    await upload('hello-world')
    await registry.expectObjects('hello')
    await pass(2 * HOUR)
    expect(await keys()).toHaveLength(1)
  })
})

describe('the payload of an event too long for the queue', () => {
  const event = {
    functionName: 'hello',
    requestId: '11111111-1111-4111-8111-111111111111',
    acceptedAtMilliseconds: 0,
    payload: '{}',
  }
  const payloadKey = `payload/hello/${event.requestId}`

  test('goes after an hour when it was taken over and could not be deleted', async () => {
    const { ports, registry, store, keys, pass } = storing()
    await registry.expectObjects('hello')
    await store(payloadKey)
    await ports.inboxes.accept('hello', [event])
    await pass(70 * MINUTE)
    expect(await keys()).toEqual([])
  })

  test('stays for as long as a message may wait in the queue, and then goes', async () => {
    const { registry, store, keys, pass } = storing()
    await registry.expectObjects('hello')
    await store(payloadKey)
    await pass(13 * DAY)
    expect(await keys()).toEqual([payloadKey])
    await pass(2 * DAY)
    expect(await keys()).toEqual([])
  })

  test('is announced before it is stored', async () => {
    const { call, upload, code, registry } = storing()
    await upload('hello')
    const order: string[] = []
    const { put } = code
    code.put = (key, ...rest) => {
      order.push(key.split('/', 1)[0] ?? '')
      return put(key, ...rest)
    }
    const { expectObjects } = registry
    registry.expectObjects = (name) => {
      order.push(`expect ${name}`)
      return expectObjects(name)
    }
    await call('POST', '/2014-11-13/functions/hello/invoke-async', `"${'x'.repeat(200_000)}"`)
    await upload('hello')
    expect(order).toEqual(['expect hello', 'payload', 'expect hello', 'code'])
  })
})
