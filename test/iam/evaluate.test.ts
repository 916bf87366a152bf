import { describe, expect, test } from 'vitest'
import { evaluate, evaluateTrust, type Verdict } from '../../src/iam/evaluate.ts'
import { parseIdentityPolicy, parseTrustPolicy } from '../../src/iam/policy-document.ts'

// Each row proves one rule of the IAM User Guide (docs.aws.amazon.com/IAM/latest/UserGuide), whose
// page is named beside it.

type Text = string | string[]
interface Row {
  rule: string
  /** The statement of a policy of version 2012-10-17; or several; or several policies. */
  statements: object[]
  version?: string
  policies?: object[][]
  action?: string
  resource?: string
  context?: Record<string, string>
  expected: Verdict
}

const F = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const allow = (rest: object) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...rest })
const deny = (rest: object) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...rest })
const action = (Action: Text) => ({ Effect: 'Allow', Action, Resource: '*' })
const resource = (Resource: Text) => ({ Effect: 'Allow', Action: '*', Resource })
const when = (Condition: object) => allow({ Condition })

const LOGIC = 'reference_policies_evaluation-logic.html'
const ACTION = 'reference_policies_elements_action.html'
const NOT_ACTION = 'reference_policies_elements_notaction.html'
const RESOURCE = 'reference_policies_elements_resource.html'
const NOT_RESOURCE = 'reference_policies_elements_notresource.html'
const VARIABLES = 'reference_policies_variables.html'
const CONDITION = 'reference_policies_elements_condition.html'
const OPERATORS = 'reference_policies_elements_condition_operators.html'
const SETS = 'reference_policies_condition-logic-multiple-context-keys-or-values.html'

const bob = { 'aws:username': 'bob' }

const ROWS: Record<string, Row[]> = {
  [LOGIC]: [
    { rule: 'by default all is denied', statements: [], expected: 'none' },
    { rule: 'an allow allows', statements: [allow({})], expected: 'allow' },
    {
      rule: 'an explicit deny overrides any allow, before it',
      statements: [deny({}), allow({})],
      expected: 'deny',
    },
    { rule: '… and after it', statements: [allow({}), deny({})], expected: 'deny' },
    {
      rule: '… and in another policy',
      statements: [],
      policies: [[allow({})], [deny({})]],
      expected: 'deny',
    },
    {
      rule: 'a deny of something else denies nothing',
      statements: [allow({}), deny({ Action: 'lambda:DeleteFunction' })],
      expected: 'allow',
    },
    {
      rule: 'any of several policies may allow',
      statements: [],
      policies: [[action('s3:GetObject')], [allow({})]],
      expected: 'allow',
    },
  ],
  [ACTION]: [
    { rule: 'an action by name', statements: [action('lambda:GetFunction')], expected: 'allow' },
    { rule: 'another is not', statements: [action('lambda:GetFunctions')], expected: 'none' },
    { rule: 'of another service is not', statements: [action('s3:GetFunction')], expected: 'none' },
    {
      rule: 'any of a list',
      statements: [action(['a:B', 'lambda:GetFunction'])],
      expected: 'allow',
    },
    {
      rule: 'prefix and name are case-insensitive',
      statements: [action('LAMBDA:getfunction')],
      expected: 'allow',
    },
    { rule: '* is any text', statements: [action('lambda:Get*')], expected: 'allow' },
    { rule: '… also in the middle', statements: [action('lambda:*Func*n')], expected: 'allow' },
    { rule: '… and none', statements: [action('lambda:GetFunction*')], expected: 'allow' },
    { rule: '… but not any text', statements: [action('lambda:Get*s')], expected: 'none' },
    { rule: '? is one character', statements: [action('lambda:?etFunctio?')], expected: 'allow' },
    { rule: '… not none', statements: [action('lambda:GetFunction?')], expected: 'none' },
  ],
  [NOT_ACTION]: [
    {
      rule: 'all but what is named',
      statements: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      expected: 'allow',
    },
    {
      rule: 'what is named is not',
      statements: [{ Effect: 'Allow', NotAction: ['iam:*', 'lambda:Get*'], Resource: '*' }],
      expected: 'none',
    },
    {
      rule: 'with Deny, what is named is not denied',
      statements: [allow({}), { Effect: 'Deny', NotAction: 'lambda:*', Resource: '*' }],
      expected: 'allow',
    },
  ],
  [RESOURCE]: [
    { rule: 'a resource by its ARN', statements: [resource(F)], expected: 'allow' },
    { rule: 'not another', statements: [resource(`${F}x`)], expected: 'none' },
    { rule: 'any of a list', statements: [resource(['arn:aws:s3:::b', F])], expected: 'allow' },
    {
      rule: 'resources are case-sensitive',
      statements: [resource(F)],
      resource: F.replace(/f$/, 'F'),
      expected: 'none',
    },
    {
      rule: '* and ? within a segment',
      statements: [resource('arn:aws:lambda:us-????-1:*:function:f')],
      expected: 'allow',
    },
    {
      rule: '* as the last character matches beyond the colon',
      statements: [resource('arn:aws:lambda:us-east-1:*')],
      expected: 'allow',
    },
    {
      rule: 'actions without resources need *',
      statements: [resource('arn:aws:lambda:*:*:*')],
      resource: '*',
      expected: 'none',
    },
    {
      rule: '… and * is that',
      statements: [resource('*')],
      resource: '*',
      expected: 'allow',
    },
  ],
  [NOT_RESOURCE]: [
    {
      rule: 'all but what is named',
      statements: [{ Effect: 'Allow', Action: '*', NotResource: `${F}x` }],
      expected: 'allow',
    },
    {
      rule: 'what is named is not',
      statements: [{ Effect: 'Allow', Action: '*', NotResource: ['arn:aws:s3:::b', F] }],
      expected: 'none',
    },
  ],
  [VARIABLES]: [
    {
      rule: 'a variable stands for its value',
      statements: [resource('arn:aws:iam::*:user/${aws:username}')],
      resource: 'arn:aws:iam::1:user/bob',
      context: bob,
      expected: 'allow',
    },
    {
      rule: '… and for no other',
      statements: [resource('arn:aws:iam::*:user/${aws:username}')],
      resource: 'arn:aws:iam::1:user/eve',
      context: bob,
      expected: 'none',
    },
    {
      rule: 'names of variables are case-insensitive',
      statements: [resource('arn:aws:iam::*:user/${AWS:UserName}')],
      resource: 'arn:aws:iam::1:user/bob',
      context: bob,
      expected: 'allow',
    },
    {
      rule: 'without a value the statement does not match',
      statements: [resource('arn:aws:iam::*:user/${aws:username}')],
      resource: 'arn:aws:iam::1:user/${aws:username}',
      expected: 'none',
    },
    {
      rule: '… unless it has a default',
      statements: [resource("arn:aws:iam::*:user/${aws:username, 'nobody'}")],
      resource: 'arn:aws:iam::1:user/nobody',
      expected: 'allow',
    },
    {
      rule: 'wildcards of a value are literal',
      statements: [resource('arn:aws:iam::*:user/${aws:username}')],
      resource: 'arn:aws:iam::1:user/bob',
      context: { 'aws:username': '*' },
      expected: 'none',
    },
    {
      rule: '${*} is a literal asterisk',
      statements: [resource('arn:aws:s3:::b/${*}')],
      resource: 'arn:aws:s3:::b/x',
      expected: 'none',
    },
    {
      rule: '… and matches one',
      statements: [resource('arn:aws:s3:::b/${*}')],
      resource: 'arn:aws:s3:::b/*',
      expected: 'allow',
    },
    {
      rule: 'version 2008-10-17 has no variables',
      version: '2008-10-17',
      statements: [resource('arn:aws:iam::*:user/${aws:username}')],
      resource: 'arn:aws:iam::1:user/bob',
      context: bob,
      expected: 'none',
    },
    {
      rule: 'conditions have variables as well',
      statements: [when({ StringEquals: { 'iam:x': '${aws:username}' } })],
      context: { ...bob, 'iam:x': 'bob' },
      expected: 'allow',
    },
  ],
  [CONDITION]: [
    {
      rule: 'names of keys are case-insensitive',
      statements: [when({ StringEquals: { 'AWS:UserName': 'bob' } })],
      context: bob,
      expected: 'allow',
    },
    {
      rule: 'a deny whose condition does not hold denies nothing',
      statements: [allow({}), deny({ Condition: { StringEquals: { 'aws:username': 'eve' } } })],
      context: bob,
      expected: 'allow',
    },
  ],
  [SETS]: [
    {
      rule: 'several values of a key: any',
      statements: [when({ StringEquals: { 'aws:username': ['eve', 'bob'] } })],
      context: bob,
      expected: 'allow',
    },
    {
      rule: 'several keys: all',
      statements: [when({ StringEquals: { 'aws:username': 'bob', 'aws:userid': 'A' } })],
      context: { ...bob, 'aws:userid': 'B' },
      expected: 'none',
    },
    {
      rule: 'several operators: all',
      statements: [
        when({ StringEquals: { 'aws:username': 'bob' }, Bool: { 'aws:SecureTransport': 'true' } }),
      ],
      context: { ...bob, 'aws:securetransport': 'false' },
      expected: 'none',
    },
    {
      rule: 'several values of a negated operator: none of them (NOR)',
      statements: [when({ StringNotEquals: { 'aws:username': ['eve', 'bob'] } })],
      context: bob,
      expected: 'none',
    },
    {
      rule: 'a key that is not there does not hold',
      statements: [when({ StringEquals: { 'aws:username': 'bob' } })],
      expected: 'none',
    },
    {
      rule: '… but for a negated operator it does',
      statements: [when({ StringNotEquals: { 'aws:username': 'bob' } })],
      expected: 'allow',
    },
  ],
  [OPERATORS]: operatorRows(),
}

function operatorRows(): Row[] {
  const rows: [
    operator: string,
    wanted: Text | boolean,
    actual: string | undefined,
    isHeld: boolean,
  ][] = [
    ['StringEquals', 'bob', 'bob', true],
    ['StringEquals', 'bob', 'Bob', false],
    ['StringEquals', 'b*', 'bob', false],
    ['StringNotEquals', 'bob', 'bob', false],
    ['StringNotEquals', 'bob', 'Bob', true],
    ['StringNotEquals', 'b*', 'bob', true],
    ['StringEqualsIgnoreCase', 'b*', 'bob', false],
    ['StringNotEqualsIgnoreCase', 'b*', 'bob', true],
    ['StringNotLike', 'b*', 'Bob', true],
    ['ArnEquals', 'arn:aws:iam::1:role/A', 'arn:aws:iam::1:role/a', false],
    ['ArnLike', 'arn:aws:iam::1:role/A', 'arn:aws:iam::1:role/a', false],
    ['ArnNotEquals', 'arn:aws:iam::1:role/A', 'arn:aws:iam::1:role/a', true],
    ['ArnNotLike', 'arn:aws:iam::1:role/A', 'arn:aws:iam::1:role/a', true],
    ['IpAddress', '203.0.113.7/33', '203.0.113.7', false],
    ['IpAddress', '${x:key}', '203.0.113.7', true],
    ['StringEqualsIgnoreCase', 'BOB', 'Bob', true],
    ['StringEqualsIgnoreCase', 'BOB', 'eve', false],
    ['StringNotEqualsIgnoreCase', 'BOB', 'Bob', false],
    ['StringNotEqualsIgnoreCase', 'BOB', 'eve', true],
    ['StringLike', 'b?b*', 'bobby', true],
    ['StringLike', 'b*', 'Bob', false],
    ['StringNotLike', 'b*', 'bob', false],
    ['StringNotLike', 'b*', 'eve', true],
    ['StringEqualsIfExists', 'bob', undefined, true],
    ['StringEqualsIfExists', 'bob', 'eve', false],
    ['StringNotEqualsIfExists', 'bob', undefined, true],
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['Bool', 'true', undefined, false],
    ['BoolIfExists', 'true', undefined, true],
    ['DateEquals', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00.000Z', true],
    ['DateEquals', '1420502400', '2015-01-06T00:00:00Z', true],
    ['DateEquals', '2015-01-07T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateNotEquals', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateNotEquals', '2015-01-07T00:00:00Z', '2015-01-06T00:00:00Z', true],
    ['DateLessThan', '2015-01-06T00:00:01Z', '2015-01-06T00:00:00Z', true],
    ['DateLessThan', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateLessThanEquals', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00Z', true],
    ['DateLessThanEquals', '2015-01-05T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateGreaterThan', '2015-01-05T00:00:00Z', '2015-01-06T00:00:00Z', true],
    ['DateGreaterThan', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateGreaterThanEquals', '2015-01-06T00:00:00Z', '2015-01-06T00:00:00Z', true],
    ['DateGreaterThanEquals', '2015-01-07T00:00:00Z', '2015-01-06T00:00:00Z', false],
    ['DateLessThan', 'tomorrow', '2015-01-06T00:00:00Z', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', '10', '11', false],
    ['NumericNotEquals', '10', '10', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericLessThanEquals', '10', '11', false],
    ['NumericGreaterThan', '9', '10', true],
    ['NumericGreaterThan', '10', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericGreaterThanEquals', '11', '10', false],
    ['ArnEquals', 'arn:aws:iam::*:role/a?', 'arn:aws:iam::1:role/ab', true],
    ['ArnEquals', 'arn:aws:iam::*:role/a', 'arn:aws:iam::1:role/ab', false],
    ['ArnLike', 'arn:aws:iam::*:role/*', 'arn:aws:iam::1:role/ab', true],
    ['ArnLike', 'arn:aws:iam::*:user/*', 'arn:aws:iam::1:role/ab', false],
    ['ArnNotEquals', 'arn:aws:iam::*:role/*', 'arn:aws:iam::1:role/ab', false],
    ['ArnNotEquals', 'arn:aws:iam::*:user/*', 'arn:aws:iam::1:role/ab', true],
    ['ArnNotLike', 'arn:aws:iam::*:role/*', 'arn:aws:iam::1:role/ab', false],
    ['ArnNotLike', 'arn:aws:iam::*:user/*', 'arn:aws:iam::1:role/ab', true],
    ['IpAddress', '203.0.113.0/24', '203.0.113.7', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.7', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', true],
    ['IpAddress', '203.0.113.7', '203.0.113.8', false],
    ['IpAddress', '0.0.0.0/0', '203.0.113.8', true],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::7', true],
    ['IpAddress', '2001:db8::/32', '2001:db9::7', false],
    ['IpAddress', '0.0.0.0/0', '2001:db8::7', false],
    ['IpAddress', '203.0.113.0/33', '203.0.113.7', false],
    ['IpAddress', '203.0.113.256', '203.0.113.256', false],
    ['IpAddress', 'nowhere', 'nowhere', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.7', false],
    ['NotIpAddress', '203.0.113.0/24', '203.0.114.7', true],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'x', false],
    ['Null', 'false', 'x', true],
    ['Null', false, undefined, false],
  ]
  return rows.map(([operator, wanted, actual, isHeld]) => ({
    rule: `${operator} ${String(wanted)} holds for ${String(actual)}: ${isHeld}`,
    statements: [when({ [operator]: { 'x:key': wanted } })],
    ...(actual === undefined ? {} : { context: { 'x:key': actual } }),
    expected: isHeld ? 'allow' : 'none',
  }))
}

function verdictOf({ statements, policies = [statements], version = '2012-10-17', ...row }: Row) {
  const documents = policies.map((Statement) =>
    parseIdentityPolicy(JSON.stringify({ Version: version, Statement })),
  )
  return evaluate(documents, {
    action: row.action ?? 'lambda:GetFunction',
    resource: row.resource ?? F,
    context: new Map(Object.entries(row.context ?? {})),
  })
}

describe.each(Object.entries(ROWS))('%s', (_, rows) => {
  test.each(rows)('$rule', (row) => {
    expect(verdictOf(row)).toBe(row.expected)
  })
})

test('no pattern takes long', () => {
  const statements = [resource(`arn:aws:s3:::${'a*'.repeat(900)}b`)]
  expect(
    verdictOf({
      rule: '',
      statements,
      resource: `arn:aws:s3:::${'a'.repeat(6000)}`,
      expected: 'none',
    }),
  ).toBe('none')
})

const ACCOUNT = '000000000000'
const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`
const LAMBDA = { kind: 'service', service: 'lambda.amazonaws.com' } as const
const BOB_ID = 'AIDABOB'
const USER = { kind: 'aws' as const, names: [BOB, BOB_ID], accountId: ACCOUNT }

describe('reference_policies_elements_principal.html', () => {
  test.each([
    {
      rule: 'a service by its name',
      principal: { Service: LAMBDA.service },
      caller: LAMBDA,
      says: 'allow',
    },
    {
      rule: 'not another service',
      principal: { Service: 'ec2.amazonaws.com' },
      caller: LAMBDA,
      says: 'none',
    },
    {
      rule: 'any of a list',
      principal: { Service: ['a', LAMBDA.service] },
      caller: LAMBDA,
      says: 'allow',
    },
    {
      rule: 'a user is no service',
      principal: { AWS: LAMBDA.service },
      caller: LAMBDA,
      says: 'none',
    },
    {
      rule: 'the account is no service',
      principal: { AWS: ACCOUNT },
      caller: LAMBDA,
      says: 'none',
    },
    { rule: 'a user by its ARN', principal: { AWS: BOB }, caller: USER, says: 'allow' },
    { rule: 'a user by its unique id', principal: { AWS: BOB_ID }, caller: USER, says: 'allow' },
    {
      rule: 'not another of its name',
      principal: { AWS: 'AIDAANOTHERBOB' },
      caller: USER,
      says: 'none',
    },
    {
      rule: 'a principal has no wildcards',
      principal: { AWS: `${BOB.slice(0, -1)}*` },
      caller: USER,
      says: 'none',
    },
    { rule: 'but * is everybody', principal: '*', caller: USER, says: 'allow' },
    {
      rule: 'the account delegates to its policies',
      principal: { AWS: ACCOUNT },
      caller: USER,
      says: 'delegated',
    },
    {
      rule: '… by its root’s ARN as well',
      principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      caller: USER,
      says: 'delegated',
    },
    {
      rule: 'another account does not',
      principal: { AWS: '111111111111' },
      caller: USER,
      says: 'none',
    },
    {
      rule: 'a deny wins',
      principal: { AWS: BOB },
      caller: USER,
      denies: { AWS: ACCOUNT },
      says: 'deny',
    },
    {
      rule: 'a deny of the caller wins',
      principal: { AWS: ACCOUNT },
      caller: USER,
      denies: { AWS: BOB },
      says: 'deny',
    },
    {
      rule: 'conditions count',
      principal: '*',
      caller: USER,
      condition: { Bool: { 'x:y': 'true' } },
      says: 'none',
    },
    {
      rule: 'other actions do not',
      principal: '*',
      caller: USER,
      action: 'sts:TagSession',
      says: 'none',
    },
  ])('$rule', ({ principal, caller, denies, condition, action: one = 'sts:AssumeRole', says }) => {
    const statement = (Effect: string, Principal: unknown) => ({
      Effect,
      Principal,
      Action: one,
      ...(condition === undefined ? {} : { Condition: condition }),
    })
    const denial = denies === undefined ? [] : [statement('Deny', denies)]
    const Statement = [statement('Allow', principal), ...denial]
    const trust = parseTrustPolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
    const { verdict, isDelegated } = evaluateTrust(trust, caller, new Map())
    expect(isDelegated && verdict === 'allow' ? 'delegated' : verdict).toBe(says)
  })
})
