import { describe, expect, test } from 'vitest'
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

test('a trust policy has principals and no resources', () => {
  expect(() => parseTrustPolicy(document(allow({ Principal: '*' })))).toThrow(
    'Has prohibited field Resource',
  )
  expect(() => parseTrustPolicy(document(allow({ Resource: undefined })))).toThrow(
    'Missing required field Principal',
  )
})
