import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordOf } from '../contracts/function-store.ts'
import { until } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'

let ports: WorkerdPorts

beforeAll(async () => {
  ports = await workerdPorts()
})

afterAll(() => ports.close())

test('an instance whose code could not be read once is loaded when it can be read again', async () => {
  const record = {
    ...recordOf('later', { ConfigurationId: crypto.randomUUID() }),
    codeKey: 'code/later/1.zip',
  }
  const run = (attempt: number) =>
    ports.runner.run({ record, requestId: crypto.randomUUID(), attempt, slot: 0, payload: '{}' })
  expect(await run(1)).toMatchObject({ ran: false, reason: expect.stringContaining('code/later') })
  const zip = zipOf()
  await ports.code.put('code/later/1.zip', { bytes: zip, breaks: false }, zip.byteLength)
  expect(await run(2)).toMatchObject({ ran: true, outcome: { kind: 'succeeded' } })
})

test('a burst of cold calls runs every one of them', async () => {
  const record = recordOf('burst', { ConfigurationId: crypto.randomUUID() })
  const zip = zipOf()
  await ports.code.put(record.codeKey, { bytes: zip, breaks: false }, zip.byteLength)
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, slot) =>
      ports.runner.run({ record, requestId: crypto.randomUUID(), attempt: 1, slot, payload: '1' }),
    ),
  )
  expect(results.filter((result) => result.ran)).toHaveLength(20)
  await until(async () => {
    const pattern = { allOf: ['REPORT'], noneOf: [], anyOf: [] }
    const reading = await ports.logs.read('/aws/lambda/burst', { limit: 1000, pattern })
    return reading.kind === 'page' && reading.events.length === 20
  })
})
