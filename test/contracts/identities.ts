import { describe, expect, test } from 'vitest'
import type {
  Directory,
  DirectoryOperation,
  DirectoryOperations,
} from '../../src/ports/directory.ts'
import type { IdentityStore } from '../../src/ports/identity-store.ts'
import { until } from '../support/local-gateway.ts'

interface Tested {
  directory: Directory
  identities: Pick<IdentityStore, 'get'>
}

const DOCUMENT = '{"Statement":[]}'

/** What the one writer of identities answers, and what it publishes. */
export function identitiesContract(platform: string, tested: () => Tested): void {
  async function ask<Operation extends DirectoryOperation>(
    operation: Operation,
    input: DirectoryOperations[Operation]['input'],
  ): Promise<DirectoryOperations[Operation]['output']> {
    const answer = await tested().directory.ask(operation, input)
    if (answer.kind === 'refused') throw new Error(`${answer.code}: ${answer.message}`)
    return answer.output
  }

  const newRole = (roleName: string) => ({
    roleName,
    path: '/',
    roleId: `AROA${roleName}`,
    description: '',
    maxSessionSeconds: 3600,
    trustPolicy: '{}',
    isForLambda: true,
  })
  const newUser = (userName: string, path = '/') => ({ userName, path, userId: `AIDA${userName}` })
  const newKey = (userName: string, accessKeyId: string) => ({
    userName,
    accessKeyId,
    sealedSecret: 'sealed',
  })

  /** Of a key or a role, once it is as expected; another write of it may have to wait a second. */
  async function published<Kind extends 'access-key' | 'role'>(
    kind: Kind,
    id: string,
    isAsExpected: (record: Awaited<ReturnType<IdentityStore['get']>>) => boolean,
  ) {
    await until(async () => isAsExpected(await tested().identities.get(kind, id)))
    return tested().identities.get(kind, id)
  }

  describe(`identities on ${platform}`, () => {
    test('a user is made once, whatever the capitals, and found by its own', async () => {
      const user = await ask('createUser', newUser('Ann'))
      expect(user).toEqual({ ...newUser('Ann'), createdMilliseconds: expect.any(Number) })
      expect(await ask('getUser', { userName: 'Ann' })).toEqual(user)
      expect(await tested().directory.ask('createUser', newUser('ann'))).toEqual({
        kind: 'refused',
        code: 'EntityAlreadyExists',
        message: 'User with name ann already exists.',
      })
      expect(await tested().directory.ask('getUser', { userName: 'ann' })).toEqual({
        kind: 'refused',
        code: 'NoSuchEntity',
        message: 'The user with name ann cannot be found.',
      })
    })

    test('a key is published with all that is to be known of its user', async () => {
      await ask('createUser', newUser('ben', '/team/'))
      await ask('putPolicy', {
        owner: 'user',
        ownerName: 'ben',
        policyName: 'p',
        document: DOCUMENT,
      })
      await ask('createAccessKey', newKey('ben', 'AKIABEN'))
      expect(await published('access-key', 'AKIABEN', (record) => record !== undefined)).toEqual({
        isActive: true,
        sealedSecret: 'sealed',
        userName: 'ben',
        userId: 'AIDAben',
        arn: 'arn:aws:iam::000000000000:user/team/ben',
        policies: [DOCUMENT],
      })
      await ask('deletePolicy', { owner: 'user', ownerName: 'ben', policyName: 'p' })
      await published('access-key', 'AKIABEN', (record) => record?.policies.length === 0)
      await ask('updateAccessKey', { userName: 'ben', accessKeyId: 'AKIABEN', isActive: false })
      const isInactive = (record: unknown) =>
        (record as { isActive?: boolean } | undefined)?.isActive === false
      await published('access-key', 'AKIABEN', isInactive)
      await ask('deleteAccessKey', { userName: 'ben', accessKeyId: 'AKIABEN' })
      await published('access-key', 'AKIABEN', (record) => record === undefined)
    })

    test('a role is published until it is deleted', async () => {
      await ask('createRole', newRole('r'))
      await ask('putPolicy', { owner: 'role', ownerName: 'r', policyName: 'p', document: DOCUMENT })
      expect(await published('role', 'r', (record) => record?.policies.length === 1)).toEqual({
        roleName: 'r',
        roleId: 'AROAr',
        arn: 'arn:aws:iam::000000000000:role/r',
        isForLambda: true,
        policies: [DOCUMENT],
      })
      await ask('deletePolicy', { owner: 'role', ownerName: 'r', policyName: 'p' })
      await ask('deleteRole', { roleName: 'r' })
      await published('role', 'r', (record) => record === undefined)
    })

    test('a trust policy means those who are there, and shows them while they are', async () => {
      const trusting = (AWS: string) => `{"Statement":{"Principal":{"AWS":"${AWS}"}}}`
      const byArn = trusting('arn:aws:iam::000000000000:user/team/dan')
      const byId = trusting('AIDAdan')
      await ask('createUser', newUser('dan', '/team/'))
      await ask('createRole', { ...newRole('t'), trustPolicy: byArn })
      const role = () => ask('getRole', { roleName: 't' })
      expect(await role()).toMatchObject({ trustPolicy: byId, shownTrustPolicy: byArn })
      await ask('deleteUser', { userName: 'dan' })
      await ask('createUser', { ...newUser('dan', '/team/'), userId: 'AIDAanother' })
      expect(await role()).toMatchObject({ trustPolicy: byId, shownTrustPolicy: byId })
      await ask('deleteRole', { roleName: 't' })
      await ask('deleteUser', { userName: 'dan' })
    })

    test('what has keys or policies is not deleted', async () => {
      await ask('createUser', newUser('cat'))
      await ask('createAccessKey', newKey('cat', 'AKIACAT'))
      const refusals: string[] = []
      const refusal = async (answer: Promise<unknown>) =>
        refusals.push(await answer.then(() => 'done', String))
      await refusal(ask('deleteUser', { userName: 'cat' }))
      await ask('deleteAccessKey', { userName: 'cat', accessKeyId: 'AKIACAT' })
      const policy = { owner: 'user', ownerName: 'cat', policyName: 'p' } as const
      await ask('putPolicy', { ...policy, document: DOCUMENT })
      await refusal(ask('deleteUser', { userName: 'cat' }))
      await ask('deletePolicy', policy)
      await refusal(ask('deleteUser', { userName: 'cat' }))
      expect(refusals).toEqual([
        'Error: DeleteConflict: Cannot delete entity, must delete access keys first.',
        'Error: DeleteConflict: Cannot delete entity, must delete policies first.',
        'done',
      ])
    })

    test('a user has two keys and policies of 2048 characters, and what is refused leaves nothing', async () => {
      await ask('createUser', newUser('dan'))
      for (const id of ['AKIAD1', 'AKIAD2']) await ask('createAccessKey', newKey('dan', id))
      await expect(ask('createAccessKey', newKey('dan', 'AKIAD3'))).rejects.toThrow(
        'LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
      )
      const policy = { owner: 'user', ownerName: 'dan' } as const
      const put = (policyName: string, length: number) =>
        ask('putPolicy', { ...policy, policyName, document: ' \n'.repeat(99) + 'x'.repeat(length) })
      await put('a', 2000)
      await expect(put('b', 49)).rejects.toThrow(
        'LimitExceeded: Maximum policy size of 2048 bytes exceeded for user dan',
      )
      await put('b', 48)
      await expect(put('b', 49)).rejects.toThrow('LimitExceeded')
      const { document } = await ask('getPolicy', { ...policy, policyName: 'b' })
      expect(document.trim()).toHaveLength(48)
    })

    test('lists go page by page, by path', async () => {
      for (const name of ['l1', 'L2', 'l3']) await ask('createUser', newUser(name, '/list/'))
      const names: string[] = []
      let after: string | undefined
      do {
        const page = await ask('listUsers', { pathPrefix: '/list/', limit: 2, after })
        names.push(...page.items.map((user) => user.userName))
        after = page.next
      } while (after !== undefined)
      expect(names).toEqual(['l1', 'L2', 'l3'])
    })
  })
}
