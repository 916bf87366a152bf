import { describe, expect, test } from 'vitest'
import { newIdentityPolicy, newTrustPolicy } from '../../src/iam/new-policy.ts'
import { parseIdentityPolicy, parseTrustPolicy } from '../../src/iam/policy-document.ts'

const document = (statement: object, rest: object = { Version: '2012-10-17' }) =>
  JSON.stringify({ ...rest, Statement: statement })
const allow = (rest: object) => ({ Effect: 'Allow', Action: 'a:B', Resource: '*', ...rest })
const SYNTAX = 'Syntax errors in policy.'

describe('what is refused as a policy', () => {
  test.each([
    { name: 'no JSON', text: '{', message: SYNTAX },
    { name: 'no object', text: '[]', message: SYNTAX },
    { name: 'no statement', text: '{"Version":"2012-10-17"}', message: SYNTAX },
    {
      name: 'another version',
      text: document(allow({}), { Version: '2015-01-01' }),
      message: SYNTAX,
    },
    {
      name: 'an effect in small letters',
      text: document(allow({ Effect: 'allow' })),
      message: SYNTAX,
    },
    { name: 'an unknown member', text: document(allow({ Actions: 'a:B' })), message: SYNTAX },
    {
      name: 'no action',
      text: document(allow({ Action: undefined })),
      message: 'Policy statement must contain actions.',
    },
    {
      name: 'an action twice',
      text: document(allow({ NotAction: 'a:C' })),
      message: 'Policy statement must contain actions.',
    },
    {
      name: 'an action of no service',
      text: document(allow({ Action: 'GetFunction' })),
      message: /prefaced by a vendor/,
    },
    {
      name: 'no resource',
      text: document(allow({ Resource: undefined })),
      message: 'Policy statement must contain resources.',
    },
    {
      name: 'a resource that is no ARN',
      text: document(allow({ Resource: 'f' })),
      message: 'Resource f must be in ARN format or "*".',
    },
    {
      name: 'a principal',
      text: document(allow({ Principal: '*' })),
      message: 'Policy document should not specify a principal.',
    },
    {
      name: 'a condition that nobody could judge',
      text: document(allow({ Condition: { 'ForAllValues:StringLike': { a: 'b' } } })),
      message: 'Invalid Condition type : ForAllValues:StringLike.',
    },
    {
      name: 'a condition named like a method',
      text: document(allow({ Condition: { toString: { a: 'b' } } })),
      message: 'Invalid Condition type : toString.',
    },
  ])('$name', ({ text, message }) => {
    const code = { code: 'MalformedPolicyDocument' }
    expect(() => parseIdentityPolicy(text)).toThrow(expect.objectContaining(code))
    expect(() => parseIdentityPolicy(text)).toThrow(message)
  })
})

const trust = (rest: object) =>
  document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', ...rest })
const UNIQUE = 'Statement IDs (SID) in a single policy must be unique.'
const ALPHANUMERIC =
  'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*'
const ONLY_STS = 'AssumeRole policy may only specify STS AssumeRole actions.'

describe('what is refused anew, but read where it is stored', () => {
  test.each([
    { name: 'no statement at all', text: document([]), message: SYNTAX },
    {
      name: 'a list of no actions',
      text: document(allow({ Action: [] })),
      message: 'Policy statement must contain actions.',
    },
    {
      name: '… of those that are not meant',
      text: document(allow({ Action: undefined, NotAction: [] })),
      message: 'Policy statement must contain actions.',
    },
    {
      name: 'a list of no resources',
      text: document(allow({ Resource: [] })),
      message: 'Policy statement must contain resources.',
    },
    {
      name: 'one Sid twice',
      text: document([allow({ Sid: 'a' }), allow({ Sid: 'b' }), allow({ Sid: 'a' })]),
      message: UNIQUE,
    },
    { name: 'a Sid of two words', text: document(allow({ Sid: 'a b' })), message: ALPHANUMERIC },
    { name: 'a Sid with a dash', text: document(allow({ Sid: 'a-b' })), message: ALPHANUMERIC },
  ])('$name', ({ text, message }) => {
    const refusal = { code: 'MalformedPolicyDocument', message }
    expect(() => newIdentityPolicy(text)).toThrow(expect.objectContaining(refusal))
    expect(parseIdentityPolicy(text)).toMatchObject({ Version: '2012-10-17' })
  })

  test.each([
    { name: 'a trust of no statement', text: document([]), message: SYNTAX },
    {
      name: 'a trust of no actions',
      text: trust({ Action: [] }),
      message: 'Policy statement must contain actions.',
    },
    { name: 'a trust of a Sid of two words', text: trust({ Sid: 'a b' }), message: ALPHANUMERIC },
    { name: 'a trust of all actions', text: trust({ Action: '*' }), message: ONLY_STS },
    {
      name: 'a trust of others besides',
      text: trust({ Action: ['sts:AssumeRole', 'lambda:*'] }),
      message: ONLY_STS,
    },
    {
      name: 'a trust of all but others',
      text: trust({ Action: undefined, NotAction: 'lambda:*' }),
      message: ONLY_STS,
    },
  ])('$name', ({ text, message }) => {
    const refusal = { code: 'MalformedPolicyDocument', message }
    expect(() => newTrustPolicy(text)).toThrow(expect.objectContaining(refusal))
    expect(parseTrustPolicy(text)).toMatchObject({ Version: '2012-10-17' })
  })
})

test.each([
  { name: 'a Sid for each', statement: [allow({ Sid: 'a' }), allow({ Sid: 'A' }), allow({})] },
  { name: 'empty Sids', statement: [allow({ Sid: '' }), allow({ Sid: '' })] },
])('a new policy may have $name', ({ statement }) => {
  expect(newIdentityPolicy(document(statement)).Statement).toHaveLength(statement.length)
})

test.each(['sts:*', 'STS:AssumeRole', ['sts:AssumeRole', 'sts:TagSession']])(
  'a new trust policy may have %j',
  (Action) => {
    expect(newTrustPolicy(trust({ Action })).Statement).toHaveLength(1)
  },
)

test('a new trust policy has at most 2048 characters, white space aside', () => {
  const rest = trust({ Sid: '' }).length
  const longest = trust({ Sid: 'a'.repeat(2048 - rest) })
  expect(newTrustPolicy(longest + ' '.repeat(100)).Statement).toHaveLength(1)
  const message = 'Cannot exceed quota for ACLSizePerRole: 2048'
  expect(() => newTrustPolicy(longest.replace('aaa', 'aaaa'))).toThrow(
    expect.objectContaining({ code: 'LimitExceeded', message }),
  )
})

test('a trust policy has principals and no resources', () => {
  expect(() => parseTrustPolicy(document(allow({ Principal: '*' })))).toThrow(
    'Has prohibited field Resource',
  )
  expect(() => parseTrustPolicy(document(allow({ Resource: undefined })))).toThrow(
    'Missing required field Principal',
  )
})
