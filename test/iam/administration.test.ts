import { describe, expect, test } from 'vitest'
import { documentOf, expectQueryError, iamGateway, textOf } from '../support/iam-gateway.ts'

const TRUST = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
})
const trustOf = (Principal: unknown) =>
  documentOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })
const POLICY = documentOf({ Effect: 'Allow', Action: 'lambda:*', Resource: '*' })
const NOW = '2015-01-06T18:30:35Z'

describe('answers as IAM does', () => {
  test('CreateUser and GetUser', async () => {
    const { ask } = iamGateway()
    const xml = await ask('CreateUser', { UserName: 'ann', Path: '/team/' })
    const user = `<User><Path>/team/</Path><UserName>ann</UserName><UserId>${textOf(xml, 'UserId')}</UserId><Arn>arn:aws:iam::000000000000:user/team/ann</Arn><CreateDate>${NOW}</CreateDate></User>`
    expect(xml).toBe(
      `<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateUserResult>${user}</CreateUserResult><ResponseMetadata><RequestId>${textOf(xml, 'RequestId')}</RequestId></ResponseMetadata></CreateUserResponse>`,
    )
    expect(textOf(xml, 'UserId')).toMatch(/^AIDA[A-Z2-7]{17}$/)
    expect(await ask('GetUser', { UserName: 'ann' })).toContain(user)
  })

  test('what has no result', async () => {
    const { ask } = iamGateway()
    await ask('CreateUser', { UserName: 'ann' })
    const xml = await ask('DeleteUser', { UserName: 'ann' })
    expect(xml).toMatch(
      /^<DeleteUserResponse xmlns="[^"]*"><ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata><\/DeleteUserResponse>$/,
    )
  })

  test('keys, whose secret is shown once', async () => {
    const { ask } = iamGateway()
    await ask('CreateUser', { UserName: 'ann' })
    const created = await ask('CreateAccessKey', { UserName: 'ann' })
    const id = textOf(created, 'AccessKeyId')
    const secret = textOf(created, 'SecretAccessKey')
    expect([id, secret]).toEqual([
      expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    ])
    await ask('UpdateAccessKey', { UserName: 'ann', AccessKeyId: id, Status: 'Inactive' })
    const listed = await ask('ListAccessKeys', { UserName: 'ann' })
    expect(listed).toContain(
      `<AccessKeyMetadata><member><UserName>ann</UserName><AccessKeyId>${id}</AccessKeyId><Status>Inactive</Status><CreateDate>${NOW}</CreateDate></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
    )
    expect(listed).not.toContain(secret)
    await ask('DeleteAccessKey', { UserName: 'ann', AccessKeyId: id })
    expect(await ask('ListAccessKeys', { UserName: 'ann' })).toContain(
      '<AccessKeyMetadata></AccessKeyMetadata>',
    )
  })

  test('a secret is nowhere in what is stored', async () => {
    const { ask, identities } = iamGateway()
    await ask('CreateUser', { UserName: 'ann' })
    const created = await ask('CreateAccessKey', { UserName: 'ann' })
    const record = await identities.get('access-key', textOf(created, 'AccessKeyId'))
    expect(record).toBeDefined()
    expect(JSON.stringify(record)).not.toContain(textOf(created, 'SecretAccessKey'))
  })

  test.each([
    { owner: 'User', make: { UserName: 'x' } },
    { owner: 'Role', make: { RoleName: 'x', AssumeRolePolicyDocument: TRUST } },
  ])('policies of a $owner', async ({ owner, make }) => {
    const { ask, query } = iamGateway()
    await ask(`Create${owner}`, make)
    const named = { [`${owner}Name`]: 'x' }
    await ask(`Put${owner}Policy`, { ...named, PolicyName: 'p', PolicyDocument: POLICY })
    const got = await ask(`Get${owner}Policy`, { ...named, PolicyName: 'p' })
    expect(got).toContain(
      `<Get${owner}PolicyResult><${owner}Name>x</${owner}Name><PolicyName>p</PolicyName><PolicyDocument>`,
    )
    expect(decodeURIComponent(textOf(got, 'PolicyDocument'))).toBe(POLICY)
    expect(await ask(`List${owner}Policies`, named)).toContain(
      '<PolicyNames><member>p</member></PolicyNames><IsTruncated>false</IsTruncated>',
    )
    await ask(`Delete${owner}Policy`, { ...named, PolicyName: 'p' })
    await expectQueryError(
      await query('iam', `Get${owner}Policy`, { ...named, PolicyName: 'p' }),
      404,
      'NoSuchEntity',
      `The ${owner.toLowerCase()} policy with name p cannot be found.`,
      expect,
    )
  })

  test('roles', async () => {
    const { ask } = iamGateway()
    const created = await ask('CreateRole', {
      RoleName: 'r',
      Path: '/service-role/',
      AssumeRolePolicyDocument: TRUST,
      Description: 'for <functions>',
    })
    const role = `<Path>/service-role/</Path><RoleName>r</RoleName><RoleId>${textOf(created, 'RoleId')}</RoleId><Arn>arn:aws:iam::000000000000:role/service-role/r</Arn><CreateDate>${NOW}</CreateDate><AssumeRolePolicyDocument>${encodeURIComponent(TRUST)}</AssumeRolePolicyDocument><Description>for &lt;functions&gt;</Description><MaxSessionDuration>3600</MaxSessionDuration>`
    expect(created).toContain(`<Role>${role}</Role>`)
    expect(await ask('GetRole', { RoleName: 'r' })).toContain(`<Role>${role}</Role>`)
    expect(await ask('ListRoles')).toContain(`<Roles><member>${role}</member></Roles>`)
    await ask('DeleteRole', { RoleName: 'r' })
    expect(await ask('ListRoles')).toContain('<Roles></Roles>')
  })

  test('lists page by page', async () => {
    const { ask, query } = iamGateway()
    for (const UserName of ['c', 'a', 'b']) await ask('CreateUser', { UserName })
    const first = await ask('ListUsers', { MaxItems: '2' })
    expect(first).toContain('<IsTruncated>true</IsTruncated>')
    const Marker = textOf(first, 'Marker')
    const second = await ask('ListUsers', { MaxItems: '2', Marker })
    expect([first, second].map((xml) => xml.match(/<UserName>\w/g)?.length)).toEqual([2, 1])
    expect(second).toContain('<UserName>c</UserName>')
    expect(second).not.toContain('<Marker>')
    await expectQueryError(
      await query('iam', 'ListRoles', { Marker }),
      400,
      'ValidationError',
      /is not one that this operation returned/,
      expect,
    )
  })
})

describe('whom a trust policy may name', () => {
  const user = 'arn:aws:iam::000000000000:user'
  test.each<[string, unknown, boolean]>([
    ['everybody', '*', true],
    ['everybody, in a list', { AWS: ['*'] }, true],
    ['the account', { AWS: '000000000000' }, true],
    ['its root', { AWS: 'arn:aws:iam::000000000000:root' }, true],
    ['another account', { AWS: '111111111111' }, true],
    ['who is in another account', { AWS: 'arn:aws:iam::111111111111:user/ann' }, true],
    ['a service', { Service: 'lambda.amazonaws.com' }, true],
    ['a user', { AWS: `${user}/ann` }, true],
    ['a role', { AWS: 'arn:aws:iam::000000000000:role/r' }, true],
    ['a session of a role', { AWS: 'arn:aws:sts::000000000000:assumed-role/r/session' }, true],
    ['no user that is not there', { AWS: `${user}/bob` }, false],
    ['no user at another path', { AWS: `${user}/team/ann` }, false],
    ['no user in other capitals', { AWS: `${user}/Ann` }, false],
    ['no role that is not there', { AWS: 'arn:aws:iam::000000000000:role/q' }, false],
    ['no session of one', { AWS: 'arn:aws:sts::000000000000:assumed-role/q/session' }, false],
    ['no session without a name', { AWS: 'arn:aws:sts::000000000000:assumed-role/r' }, false],
    ['no pattern', { AWS: `${user}/*` }, false],
    ['no name', { AWS: 'ann' }, false],
    ['nothing else', { AWS: 'arn:aws:s3:::bucket' }, false],
    ['no unique id of nobody', { AWS: 'AIDAAAAAAAAAAAAAAAAAA' }, false],
    ['not even beside others', { AWS: ['*', 'ann'] }, false],
  ])('%s', async (_, principal, isTaken) => {
    const { user: makeUser, role, query } = iamGateway()
    await makeUser('ann')
    await role('r', '*', { Effect: 'Deny', Action: '*', Resource: '*' })
    const AssumeRolePolicyDocument = trustOf(principal)
    const response = await query('iam', 'CreateRole', { RoleName: 's', AssumeRolePolicyDocument })
    if (isTaken) {
      expect(response.status).toBe(200)
      return
    }
    const refused = /^Invalid principal in policy: "AWS":"[^"]+"$/
    await expectQueryError(response, 400, 'MalformedPolicyDocument', refused, expect)
  })

  test('a unique id of one who is there, shown by its ARN', async () => {
    const { ask } = iamGateway()
    const AWS = textOf(await ask('CreateUser', { UserName: 'ann', Path: '/team/' }), 'UserId')
    const AssumeRolePolicyDocument = trustOf({ AWS })
    const xml = await ask('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument })
    expect(decodeURIComponent(textOf(xml, 'AssumeRolePolicyDocument'))).toBe(
      trustOf({ AWS: 'arn:aws:iam::000000000000:user/team/ann' }),
    )
  })
})

describe('refuses as IAM does', () => {
  const long = 'x'.repeat(65)
  test.each<[string, Record<string, string>, number, string, string | RegExp]>([
    [
      'CreateUser',
      { UserName: 'ann' },
      409,
      'EntityAlreadyExists',
      'User with name ann already exists.',
    ],
    [
      'CreateRole',
      { RoleName: 'r', AssumeRolePolicyDocument: TRUST },
      409,
      'EntityAlreadyExists',
      'Role with name r already exists.',
    ],
    [
      'GetUser',
      { UserName: 'bob' },
      404,
      'NoSuchEntity',
      'The user with name bob cannot be found.',
    ],
    ['GetRole', { RoleName: 'q' }, 404, 'NoSuchEntity', 'The role with name q cannot be found.'],
    [
      'CreateAccessKey',
      { UserName: 'bob' },
      404,
      'NoSuchEntity',
      'The user with name bob cannot be found.',
    ],
    [
      'DeleteAccessKey',
      { UserName: 'ann', AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' },
      404,
      'NoSuchEntity',
      'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.',
    ],
    [
      'DeleteUser',
      { UserName: 'ann' },
      409,
      'DeleteConflict',
      'Cannot delete entity, must delete access keys first.',
    ],
    [
      'DeleteRole',
      { RoleName: 'r' },
      409,
      'DeleteConflict',
      'Cannot delete entity, must delete policies first.',
    ],
    [
      'PutUserPolicy',
      { UserName: 'ann', PolicyName: 'p', PolicyDocument: '{' },
      400,
      'MalformedPolicyDocument',
      'Syntax errors in policy.',
    ],
    [
      'PutUserPolicy',
      { UserName: 'ann', PolicyName: 'p', PolicyDocument: documentOf() },
      400,
      'MalformedPolicyDocument',
      'Syntax errors in policy.',
    ],
    [
      'PutRolePolicy',
      { RoleName: 'r', PolicyName: 'p', PolicyDocument: documentOf() },
      400,
      'MalformedPolicyDocument',
      'Syntax errors in policy.',
    ],
    [
      'CreateRole',
      { RoleName: 's', AssumeRolePolicyDocument: TRUST.replace('sts:AssumeRole', 'lambda:*') },
      400,
      'MalformedPolicyDocument',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'CreateRole',
      { RoleName: 's', AssumeRolePolicyDocument: POLICY },
      400,
      'MalformedPolicyDocument',
      'Has prohibited field Resource',
    ],
    [
      'CreateRole',
      {
        RoleName: 's',
        AssumeRolePolicyDocument: trustOf({ AWS: 'arn:aws:iam::000000000000:user/bob' }),
      },
      400,
      'MalformedPolicyDocument',
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/bob"',
    ],
    [
      'CreateUser',
      { UserName: long },
      400,
      'ValidationError',
      `1 validation error detected: Value '${long}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      'CreateUser',
      {},
      400,
      'ValidationError',
      "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'CreateUser',
      { UserName: 'a b' },
      400,
      'ValidationError',
      /Member must satisfy regular expression pattern: \[\\w\+=,.@-\]\+/,
    ],
    ['CreateUser', { UserName: 'x', Path: 'team' }, 400, 'ValidationError', /at 'path' failed/],
    [
      'CreateUser',
      { UserName: 'x', PermissionsBoundary: 'arn:aws:iam::aws:policy/P' },
      400,
      'ValidationError',
      "1 validation error detected: Value 'arn:aws:iam::aws:policy/P' at 'permissionsBoundary' failed to satisfy constraint: Member is not supported here",
    ],
    [
      'CreateRole',
      {
        RoleName: 's',
        AssumeRolePolicyDocument: TRUST,
        PermissionsBoundary: 'arn:aws:iam::aws:policy/P',
      },
      400,
      'ValidationError',
      /at 'permissionsBoundary' failed to satisfy constraint: Member is not supported here/,
    ],
    [
      'UpdateAccessKey',
      { UserName: 'ann', AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', Status: 'On' },
      400,
      'ValidationError',
      /enum value set: \[Active, Inactive\]/,
    ],
    ['ListUsers', { MaxItems: '0' }, 400, 'ValidationError', /at 'maxItems' failed/],
    [
      'CreateAccessKey',
      {},
      400,
      'ValidationError',
      'Must specify userName when calling with non-User credentials',
    ],
    [
      'UpdateAccessKey',
      { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA', Status: 'Inactive' },
      404,
      'NoSuchEntity',
      'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.',
    ],
    [
      'DeleteAccessKey',
      { AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' },
      404,
      'NoSuchEntity',
      'The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.',
    ],
    [
      'ListGroups',
      {},
      400,
      'InvalidAction',
      'Could not find operation ListGroups for version 2010-05-08',
    ],
    ['GetCallerIdentity', {}, 400, 'InvalidAction', /GetCallerIdentity for version 2010-05-08/],
  ])('%s %j', async (action, form, status, code, message) => {
    const { user, role, query } = iamGateway()
    await user('ann')
    const nothing = { Effect: 'Deny', Action: '*', Resource: '*' }
    await role('r', { Service: 'lambda.amazonaws.com' }, nothing)
    await expectQueryError(await query('iam', action, form), status, code, message, expect)
  })

  test.each<[string, object, number, string]>([
    ['no signature', { headers: { authorization: undefined } }, 403, 'MissingAuthenticationToken'],
    [
      'half a signature',
      { headers: { authorization: 'AWS4-HMAC-SHA256 x' } },
      400,
      'IncompleteSignature',
    ],
    ['an unknown key', { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }, 403, 'InvalidClientTokenId'],
    ['a wrong secret', { secretAccessKey: 'guess' }, 403, 'SignatureDoesNotMatch'],
    ['the scope of another service', { service: 'lambda' }, 403, 'SignatureDoesNotMatch'],
  ])('%s', async (_, options, status, code) => {
    const { call } = iamGateway()
    const signed = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = 'Action=ListUsers&Version=2010-05-08'
    const response = await call('POST', '/', form, { service: 'iam', signed, ...options })
    await expectQueryError(response, status, code, /./, expect)
  })
})

test('IAM is signed for in its one region, whatever the gateway’s', async () => {
  const { call } = iamGateway({ variables: { AWS_REGION: 'eu-west-1' } })
  const signed = { 'content-type': 'application/x-www-form-urlencoded' }
  const form = 'Action=ListUsers&Version=2010-05-08'
  for (const region of ['us-east-1', 'eu-west-1']) {
    const response = await call('POST', '/', form, { service: 'iam', region, signed })
    expect(response.status).toBe(200)
  }
  const response = await call('POST', '/', form, { service: 'iam', region: 'eu-north-1', signed })
  expect(response.status).toBe(403)
})

describe('the root without a UserName', () => {
  const accessKeyId = 'AKIAROOTROOTROOTROOT'
  const secretAccessKey = 'the root’s secret'
  const root = { accessKeyId, secretAccessKey }
  const variables = { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey }

  test('is told of itself', async () => {
    const { ask } = iamGateway({ variables })
    expect(await ask('GetUser', {}, root)).toContain(
      '<User><UserId>000000000000</UserId><Arn>arn:aws:iam::000000000000:root</Arn><CreateDate>1970-01-01T00:00:00Z</CreateDate></User>',
    )
  })

  test('sees the id of its key, and no secret', async () => {
    const { ask } = iamGateway({ variables })
    const xml = await ask('ListAccessKeys', {}, root)
    expect(xml).toContain(
      `<AccessKeyMetadata><member><AccessKeyId>${accessKeyId}</AccessKeyId><Status>Active</Status><CreateDate>1970-01-01T00:00:00Z</CreateDate></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
    )
    expect(xml).not.toContain(secretAccessKey)
  })

  test.each([
    ['UpdateAccessKey', { Status: 'Inactive' }],
    ['DeleteAccessKey', {}],
  ])('%s does not reach its key, which is configured', async (action, form) => {
    const { ask, query } = iamGateway({ variables })
    await expectQueryError(
      await query('iam', action, { AccessKeyId: accessKeyId, ...form }, root),
      400,
      'ValidationError',
      'The access key of the root is set by ROOT_ACCESS_KEY_ID and ROOT_SECRET_ACCESS_KEY',
      expect,
    )
    expect(await ask('ListAccessKeys', {}, root)).toContain('<Status>Active</Status>')
  })
})

test('a role has to say which user it means', async () => {
  const { role, assume, query } = iamGateway()
  await role('r', '*', { Effect: 'Allow', Action: '*', Resource: '*' })
  const session = await assume('arn:aws:iam::000000000000:role/r')
  const message = 'Must specify userName when calling with non-User credentials'
  for (const action of ['GetUser', 'ListAccessKeys']) {
    const response = await query('iam', action, {}, session)
    await expectQueryError(response, 400, 'ValidationError', message, expect)
  }
})

test('users look after themselves, and see of others not even whether they are there', async () => {
  const { ask, user, query } = iamGateway()
  const own = {
    Effect: 'Allow',
    Action: ['iam:*AccessKey*', 'iam:GetUser'],
    Resource: 'arn:aws:iam::*:user/${aws:username}',
  }
  const ann = await user('ann', own)
  await ask('CreateUser', { UserName: 'bob', Path: '/secret/' })
  expect(textOf(await ask('GetUser', {}, ann), 'UserName')).toBe('ann')
  await ask('CreateAccessKey', {}, ann)
  expect((await ask('ListAccessKeys', {}, ann)).match(/<member>/g)).toHaveLength(2)
  for (const UserName of ['bob', 'nobody']) {
    await expectQueryError(
      await query('iam', 'GetUser', { UserName }, ann),
      403,
      'AccessDenied',
      `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: iam:GetUser on resource: arn:aws:iam::000000000000:user/${UserName}`,
      expect,
    )
  }
})
