import { expect, test } from 'vitest'
import { Publisher } from '../../src/aws/publisher.ts'

test('what could not be noted as published is published by the next try', async () => {
  const copies: string[] = []
  let version: number | undefined = 1
  let isDiskFull = true
  const publisher = new Publisher(
    {
      current: () => 'record',
      unpublished: () => version,
      markPublished() {
        if (isDiskFull) throw new Error('disk full')
        version = undefined
      },
    },
    {
      name: 'a record',
      put: (shown: string) => Promise.resolve(void copies.push(shown)),
      delete: () => Promise.resolve(),
    },
    () => undefined,
  )
  await publisher.publish()
  isDiskFull = false
  await publisher.publish()
  expect({ copies, version }).toEqual({ copies: ['record', 'record'], version: undefined })
})
