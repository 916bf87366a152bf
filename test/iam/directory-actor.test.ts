import { expect, test, vi } from 'vitest'
import { seal, unseal } from '../../src/aws/sealed-text.ts'
import { DirectoryActor } from '../../src/iam/directory/directory-actor.ts'
import { memoryIdentityStore } from '../../src/platform/memory/memory-identity-store.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import { fakeClock } from '../support/clock.ts'

const KEY = { userName: 'ann', accessKeyId: 'AKIAANN' }
const FOR_KEY = { purpose: 'access-key', id: KEY.accessKeyId } as const

function directory() {
  const clock = fakeClock()
  const sql = memorySql()
  let alarmAt = Infinity
  const alarm = {
    set: (at: number) => void (alarmAt = at),
    clear: () => void (alarmAt = Infinity),
  }
  const identities = memoryIdentityStore({ now: clock.now, refusesFastWrites: true })
  const start = (current: string, previous = '') =>
    new DirectoryActor({
      sql,
      alarm,
      identities,
      settings: { accountId: '000000000000', sealing: { current, previous } },
      now: clock.now,
    })
  return { clock, sql, identities, start, alarmAt: () => alarmAt }
}

test('what the store refuses is published by the alarm, the newest state', async () => {
  const { clock, identities, start, alarmAt } = directory()
  const actor = start('secret')
  await actor.ask('createUser', { userName: 'ann', path: '/', userId: 'AIDA' })
  await actor.ask('createAccessKey', { ...KEY, sealedSecret: 'sealed' })
  await actor.ask('updateAccessKey', { ...KEY, isActive: false })
  expect(await identities.get('access-key', 'AKIAANN')).toMatchObject({ isActive: true })
  expect(alarmAt()).toBe(clock.now() + 1100)
  clock.advance(1100)
  await actor.wake()
  expect(await identities.get('access-key', 'AKIAANN')).toMatchObject({ isActive: false })
  expect(alarmAt()).toBe(Infinity)
})

test('secrets are sealed anew when the secret that seals them has changed', async () => {
  const { clock, identities, start } = directory()
  const first = start('old')
  await first.ask('createUser', { userName: 'ann', path: '/', userId: 'AIDA' })
  const sealedSecret = await seal({ current: 'old', previous: '' }, FOR_KEY, 'the secret')
  await first.ask('createAccessKey', { ...KEY, sealedSecret })
  clock.advance(1100)
  await start('new', 'old').ask('listUsers', { pathPrefix: '/', limit: 1 })
  const record = await identities.get('access-key', 'AKIAANN')
  const withNew = { current: 'new', previous: '' }
  expect(await unseal(withNew, FOR_KEY, record?.sealedSecret ?? '')).toBe('the secret')
  const withOld = { current: 'old', previous: '' }
  expect(await unseal(withOld, FOR_KEY, record?.sealedSecret ?? '')).toBeUndefined()
})

test('a key that no secret opened is sealed anew as soon as one does', async () => {
  const { clock, identities, start } = directory()
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const first = start('old')
  await first.ask('createUser', { userName: 'ann', path: '/', userId: 'AIDA' })
  const sealedSecret = await seal({ current: 'old', previous: '' }, FOR_KEY, 'the secret')
  await first.ask('createAccessKey', { ...KEY, sealedSecret })
  clock.advance(1100)
  // The operator has forgotten the previous one.
  await start('new').ask('listUsers', { pathPrefix: '/', limit: 1 })
  expect(String(told.mock.calls[0]?.[0])).toContain('AKIAANN')
  told.mockRestore()
  await start('new', 'old').ask('listUsers', { pathPrefix: '/', limit: 1 })
  const record = await identities.get('access-key', 'AKIAANN')
  const withNew = { current: 'new', previous: '' }
  expect(await unseal(withNew, FOR_KEY, record?.sealedSecret ?? '')).toBe('the secret')
})

test('a trust policy of an earlier version names users by their ARNs, and goes on doing so', async () => {
  const { sql, start } = directory()
  const actor = start('secret')
  const AWS = 'arn:aws:iam::000000000000:user/ann'
  const trust = `{ "Statement": { "Effect": "Allow", "Principal": { "AWS": "${AWS}" } } }`
  sql.all(`INSERT INTO roles VALUES ('r', '/', 'AROA', 0, '', 3600, ?, 0)`, trust)
  const role = await actor.ask('getRole', { roleName: 'r' })
  expect(role).toMatchObject({ output: { trustPolicy: trust, shownTrustPolicy: trust } })
})

test('a sealed text opens with its secret, for its purpose and its id, and not when changed', async () => {
  const secrets = { current: 'new', previous: 'old' }
  const sealed = await seal(secrets, FOR_KEY, 'the secret')
  expect(await unseal(secrets, FOR_KEY, sealed)).toBe('the secret')
  expect(await unseal({ current: 'x', previous: 'new' }, FOR_KEY, sealed)).toBe('the secret')
  expect(await unseal({ current: 'old', previous: '' }, FOR_KEY, sealed)).toBeUndefined()
  expect(await unseal(secrets, { ...FOR_KEY, id: 'AKIABEN' }, sealed)).toBeUndefined()
  expect(await unseal(secrets, { ...FOR_KEY, purpose: 'session-token' }, sealed)).toBeUndefined()
  const changed = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1)
  expect(await unseal(secrets, FOR_KEY, changed)).toBeUndefined()
  expect(await unseal(secrets, FOR_KEY, 'no base64!')).toBeUndefined()
  expect(await seal(secrets, FOR_KEY, 'the secret')).not.toBe(sealed)
})
