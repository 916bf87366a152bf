import { expect, test } from 'vitest'
import { memoryIdentityStore } from '../../src/platform/memory/memory-identity-store.ts'
import { iamGateway, signedBy } from '../support/iam-gateway.ts'

const LIST = '/2014-11-13/functions/'
const allow = { Effect: 'Allow', Action: 'lambda:ListFunctions', Resource: '*' }

// A store that is read at each request may be 60 s old (developers.cloudflare.com/kv), and what was
// read of it is kept for 30 s.

test.each([
  { change: 'made inactive', action: 'UpdateAccessKey', form: { Status: 'Inactive' } },
  { change: 'deleted', action: 'DeleteAccessKey', form: {} },
])('a key that was $change stops within 30 s', async ({ action, form }) => {
  const { user, ask, call, clock } = iamGateway()
  const ann = await user('ann', allow)
  const status = async () => (await call('GET', LIST, undefined, signedBy(ann))).status
  expect(await status()).toBe(200)
  await ask(action, { UserName: 'ann', AccessKeyId: ann.accessKeyId, ...form })
  clock.advance(29_999)
  expect(await status()).toBe(200)
  clock.advance(1)
  expect(await status()).toBe(403)
})

test('a copy that is 60 s old adds its 60 s, and no more', async () => {
  const { user, ask, call, clock } = iamGateway({
    identities: (time) => memoryIdentityStore({ now: time.now, staleMilliseconds: 60_000 }),
  })
  const ann = await user('ann', allow)
  clock.advance(60_000)
  const status = async () => (await call('GET', LIST, undefined, signedBy(ann))).status
  expect(await status()).toBe(200)
  await ask('DeleteAccessKey', { UserName: 'ann', AccessKeyId: ann.accessKeyId })
  clock.advance(59_999)
  expect(await status()).toBe(200)
  clock.advance(30_000)
  expect(await status()).toBe(403)
})

test('a permission that was taken away is gone as fast, and the store is read once in 30 s', async () => {
  const { user, ask, call, clock, identities } = iamGateway()
  const ann = await user('ann', allow)
  const get = identities.get.bind(identities)
  let reads = 0
  Object.assign(identities, {
    get: (...args: Parameters<typeof get>) => {
      reads++
      return get(...args)
    },
  })
  const code = async () => {
    const response = await call('GET', LIST, undefined, signedBy(ann))
    return response.headers.get('x-amzn-errortype')
  }
  expect([await code(), await code(), await code()]).toEqual([null, null, null])
  expect(reads).toBe(1)
  await ask('DeleteUserPolicy', { UserName: 'ann', PolicyName: 'policy' })
  clock.advance(30_000)
  expect(await code()).toBe('AccessDeniedException')
  expect(reads).toBe(2)
})

test('the root’s requests read no identity', async () => {
  const { call, identities } = iamGateway()
  Object.assign(identities, { get: () => Promise.reject(new Error('was read')) })
  expect((await call('GET', LIST)).status).toBe(200)
})
