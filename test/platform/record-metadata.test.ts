import { describe, test } from 'vitest'
import { fromMetadata, toMetadata } from '../../src/platform/cloudflare/record-metadata.ts'
import { recordOf } from '../contracts/function-store.ts'

const UUID = '00000000-0000-4000-8000-000000000000'
const NAME = 'n'.repeat(64)
const ROLE = 'arn:aws:iam::000000000000:role/'

function recordWith(more: object) {
  const numbers = { CodeSize: 52_428_800, Timeout: 60, MemorySize: 1024 }
  return { ...recordOf(NAME, { ...numbers, ...more }), codeKey: `code/${NAME}/${UUID}.zip` }
}

describe('a record is kept beside its key', () => {
  test.for<{ what: string; more: object }>([
    { what: 'as functions usually are', more: { Description: 'Resizes the images of the shop' } },
    { what: 'with any Description', more: { Description: '😀'.repeat(128) } },
    {
      what: 'with a role in a long path, and a long handler',
      more: {
        Role: ROLE + 'r'.repeat(369),
        Handler: 'h'.repeat(128),
        Description: 'x'.repeat(170),
      },
    },
    { what: 'with quotes and backslashes', more: { Description: '"\\'.repeat(64) } },
  ])('$what, with the longest of names', ({ more }, { expect }) => {
    const metadata = toMetadata(recordWith(more))
    expect(Buffer.byteLength(JSON.stringify(metadata))).toBeLessThanOrEqual(1024)
    expect(fromMetadata(NAME, metadata)).toEqual(recordWith(more))
  })
})

describe('a record is fetched by itself', () => {
  test('when it is too long', ({ expect }) => {
    const more = { Role: ROLE + 'r'.repeat(575), Description: '😀'.repeat(128) }
    expect(toMetadata(recordWith(more))).toBeUndefined()
  })

  test.for([
    { codeKey: 'elsewhere/1.zip' },
    { configuration: { ...recordWith({}).configuration, FunctionARN: 'arn' } },
  ])('when its name does not say the rest', (odd, { expect }) => {
    expect(toMetadata({ ...recordWith({}), ...odd })).toBeUndefined()
  })

  test.for([undefined, null, {}, 'x', recordWith({})])(
    'when its metadata is something else',
    (other, { expect }) => {
      expect(fromMetadata(NAME, other)).toBeUndefined()
    },
  )
})
