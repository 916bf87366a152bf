import { describe, expect, test } from 'vitest'
import {
  documentOf,
  expectQueryError,
  iamGateway,
  signedBy,
  textOf,
} from '../support/iam-gateway.ts'
import { expectError } from '../support/expect-error.ts'

const ACCOUNT = '000000000000'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`
const LIST = '/2014-11-13/functions/'
const listFunctions = { Effect: 'Allow', Action: 'lambda:ListFunctions', Resource: '*' }
const mayAssume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE }
const mayNotAssume = { ...mayAssume, Effect: 'Deny' }

describe('GetCallerIdentity', () => {
  test('tells the root, a user without any permission, and a role', async () => {
    const { ask, user, role, assume } = iamGateway()
    const ann = await user('ann')
    await role('r', { AWS: ANN }, listFunctions)
    const session = await assume(ROLE, ann)
    const whoIs = async (as?: typeof ann) => {
      const xml = await ask('GetCallerIdentity', {}, as)
      return [textOf(xml, 'Arn'), textOf(xml, 'UserId'), textOf(xml, 'Account')]
    }
    expect(await whoIs()).toEqual([`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, ACCOUNT])
    expect(await whoIs(ann)).toEqual([ANN, expect.stringMatching(/^AIDA/), ACCOUNT])
    expect(await whoIs(session)).toEqual([
      `arn:aws:sts::${ACCOUNT}:assumed-role/r/session`,
      expect.stringMatching(/^AROA\w+:session$/),
      ACCOUNT,
    ])
  })

  test('is answered to a presigned GET, as others use it to prove who they are', async () => {
    const { call } = iamGateway()
    const target = '/?Action=GetCallerIdentity&Version=2011-06-15'
    const response = await call('GET', target, undefined, { service: 'sts' })
    expect(textOf(await response.text(), 'Arn')).toBe(`arn:aws:iam::${ACCOUNT}:root`)
  })
})

describe('AssumeRole', () => {
  test.each([
    { name: 'a trust of the user alone', trust: { AWS: ANN }, own: [], isAllowed: true },
    { name: 'a trust of the account alone', trust: { AWS: ACCOUNT }, own: [], isAllowed: false },
    { name: '… and the user’s policy', trust: { AWS: ACCOUNT }, own: [mayAssume], isAllowed: true },
    {
      name: 'the user’s policy alone',
      trust: { AWS: `${ANN}x` },
      own: [mayAssume],
      isAllowed: false,
    },
    { name: 'a trust, and a deny', trust: { AWS: ANN }, own: [mayNotAssume], isAllowed: false },
    {
      name: 'a trust of Lambda',
      trust: { Service: 'lambda.amazonaws.com' },
      own: [mayAssume],
      isAllowed: false,
    },
  ])('$name: $isAllowed', async ({ trust, own, isAllowed }) => {
    const { user, role, query } = iamGateway()
    const ann = await user('ann', ...own)
    await user('annx')
    await role('r', trust, listFunctions)
    const form = { RoleArn: ROLE, RoleSessionName: 'session' }
    const response = await query('sts', 'AssumeRole', form, ann)
    if (isAllowed) {
      expect(response.status).toBe(200)
      return
    }
    await expectQueryError(
      response,
      403,
      'AccessDenied',
      `User: ${ANN} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
      expect,
    )
  })

  test('of a role that is not there is refused as of one that does not trust', async () => {
    const { user, query } = iamGateway()
    const ann = await user('ann', { ...mayAssume, Resource: '*' })
    const form = { RoleArn: `${ROLE}x`, RoleSessionName: 'session' }
    const response = await query('sts', 'AssumeRole', form, ann)
    await expectQueryError(response, 403, 'AccessDenied', /not authorized .*:role\/rx$/, expect)
  })

  test('a trust of a user ends with that user, also when there is another of its name', async () => {
    const { ask, user, role, query } = iamGateway()
    const { accessKeyId: AccessKeyId } = await user('ann')
    const AWS = [ANN, `arn:aws:iam::${ACCOUNT}:root`]
    const UserId = textOf(await ask('GetUser', { UserName: 'ann' }), 'UserId')
    await role('r', { AWS }, listFunctions)
    const trusted = async () => {
      const xml = await ask('GetRole', { RoleName: 'r' })
      const policy = decodeURIComponent(textOf(xml, 'AssumeRolePolicyDocument'))
      return (JSON.parse(policy) as { Statement: object[] }).Statement[0]
    }
    expect(await trusted()).toMatchObject({ Principal: { AWS } })
    await ask('DeleteAccessKey', { UserName: 'ann', AccessKeyId })
    await ask('DeleteUser', { UserName: 'ann' })
    const other = await user('ann')
    expect(await trusted()).toMatchObject({ Principal: { AWS: [UserId, AWS[1]] } })
    const form = { RoleArn: ROLE, RoleSessionName: 'session' }
    const response = await query('sts', 'AssumeRole', form, other)
    await expectQueryError(response, 403, 'AccessDenied', /not authorized/, expect)
  })

  test.each([
    { name: 'a role', trusted: `arn:aws:iam::${ACCOUNT}:role/first` },
    {
      name: 'a session of a role',
      trusted: `arn:aws:sts::${ACCOUNT}:assumed-role/first/session`,
    },
  ])('a trust of $name ends with that role', async ({ trusted }) => {
    const { ask, role, assume, query, clock } = iamGateway()
    const first = `arn:aws:iam::${ACCOUNT}:role/first`
    const form = { RoleArn: ROLE, RoleSessionName: 'session' }
    await role('first', '*', listFunctions)
    await role('r', { AWS: trusted }, listFunctions)
    expect(await ask('ListRoles')).toContain(encodeURIComponent(trusted))
    expect((await query('sts', 'AssumeRole', form, await assume(first))).status).toBe(200)
    await ask('DeleteRolePolicy', { RoleName: 'first', PolicyName: 'policy' })
    await ask('DeleteRole', { RoleName: 'first' })
    await role('first', '*', listFunctions)
    clock.advance(30_000)
    const response = await query('sts', 'AssumeRole', form, await assume(first))
    await expectQueryError(response, 403, 'AccessDenied', /not authorized/, expect)
    expect(await ask('GetRole', { RoleName: 'r' })).not.toContain(encodeURIComponent(trusted))
  })

  test('honours conditions of the trust', async () => {
    const { ask, query } = iamGateway()
    const trust = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'secret' } },
    }
    await ask('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: documentOf(trust) })
    const form = { RoleArn: ROLE, RoleSessionName: 'session' }
    expect((await query('sts', 'AssumeRole', form)).status).toBe(403)
    const withId = await query('sts', 'AssumeRole', { ...form, ExternalId: 'secret' })
    expect(withId.status).toBe(200)
  })

  test.each([
    { DurationSeconds: '3601', message: /exceeds the MaxSessionDuration set for this role/ },
    { DurationSeconds: '899', message: /at 'durationSeconds' failed/ },
    { RoleSessionName: 'x', message: /at 'roleSessionName' failed/ },
    {
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/P',
      message: /'arn:aws:iam::aws:policy\/P' at 'policyArns.member.1.arn' failed/,
    },
    {
      'PolicyArns.member.2.arn': 'arn:aws:iam::aws:policy/P',
      message: /at 'policyArns.member.2.arn' failed .*: Member is not supported here/,
    },
    { Policy: '{}', message: /at 'policy' failed to satisfy constraint: Member is not supported/ },
  ])('refuses $message', async ({ message, ...form }) => {
    const { role, query } = iamGateway()
    await role('r', '*', listFunctions)
    const response = await query('sts', 'AssumeRole', {
      RoleArn: ROLE,
      RoleSessionName: 'session',
      ...form,
    })
    await expectQueryError(response, 400, 'ValidationError', message, expect)
  })
})

test('a role takes on another for an hour at most, and is told why', async () => {
  const { ask, role, assume, query } = iamGateway()
  await role('first', '*', listFunctions)
  const AssumeRolePolicyDocument = documentOf({
    Effect: 'Allow',
    Principal: '*',
    Action: 'sts:AssumeRole',
  })
  const MaxSessionDuration = '43200'
  await ask('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument, MaxSessionDuration })
  const session = await assume(`arn:aws:iam::${ACCOUNT}:role/first`)
  const form = { RoleArn: ROLE, RoleSessionName: 'session' }
  const hour = await query('sts', 'AssumeRole', { ...form, DurationSeconds: '3600' }, session)
  expect(hour.status).toBe(200)
  await expectQueryError(
    await query('sts', 'AssumeRole', { ...form, DurationSeconds: '3601' }, session),
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    expect,
  )
})

describe('temporary credentials', () => {
  async function session() {
    const gateway = iamGateway()
    await gateway.role('r', '*', listFunctions)
    return {
      ...gateway,
      credentials: await gateway.assume(ROLE, undefined, { DurationSeconds: '900' }),
    }
  }

  test('are allowed what their role is', async () => {
    const { call, credentials } = await session()
    expect((await call('GET', LIST, undefined, signedBy(credentials))).status).toBe(200)
    await expectError(
      await call('GET', `${LIST}f`, undefined, signedBy(credentials)),
      'AccessDeniedException',
      {
        status: 403,
        member: 'Message',
        text: `User: arn:aws:sts::${ACCOUNT}:assumed-role/r/session is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`,
      },
      expect,
    )
  })

  test('expire', async () => {
    const { call, query, clock, credentials } = await session()
    clock.advance(899_000)
    expect((await call('GET', LIST, undefined, signedBy(credentials))).status).toBe(200)
    clock.advance(1000)
    await expectError(
      await call('GET', LIST, undefined, signedBy(credentials)),
      'ExpiredTokenException',
      {
        status: 403,
        member: 'message',
        text: 'The security token included in the request is expired',
      },
      expect,
    )
    const response = await query('sts', 'GetCallerIdentity', {}, credentials)
    await expectQueryError(response, 403, 'ExpiredToken', /is expired$/, expect)
  })

  test.each<[string, { accessKeyId?: string; sessionToken?: string | undefined }]>([
    ['without their token', { sessionToken: undefined }],
    ['with another token', { sessionToken: 'AAAA' }],
    ['with another key', { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }],
  ])('are nobody’s %s', async (_, changes) => {
    const { call, credentials } = await session()
    const { accessKeyId, secretAccessKey, sessionToken } = { ...credentials, ...changes }
    const changed = {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    }
    await expectError(
      await call('GET', LIST, undefined, signedBy(changed)),
      'UnrecognizedClientException',
      {
        status: 403,
        member: 'message',
        text: 'The security token included in the request is invalid.',
      },
      expect,
    )
  })

  test('end with their role, also when there is another of its name', async () => {
    const { ask, role, call, clock, credentials } = await session()
    await ask('DeleteRolePolicy', { RoleName: 'r', PolicyName: 'policy' })
    await ask('DeleteRole', { RoleName: 'r' })
    await role('r', '*', listFunctions)
    clock.advance(30_000)
    const response = await call('GET', LIST, undefined, signedBy(credentials))
    expect(response.headers.get('x-amzn-errortype')).toBe('UnrecognizedClientException')
  })

  test('are stored nowhere', async () => {
    const { credentials } = await session()
    expect(credentials.sessionToken).not.toContain(credentials.secretAccessKey)
    expect(credentials.accessKeyId).toMatch(/^ASIA/)
  })
})
