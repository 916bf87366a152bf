import { expect, test } from 'vitest'
import { roleNameOf } from '../../src/aws/arn.ts'

const ACCOUNT = { accountId: '000000000000' }

test.each([
  ['arn:aws:iam::000000000000:role/r', 'r'],
  ['arn:aws:iam::000000000000:role/service-role/r', 'r'],
  [`arn:aws:iam::000000000000:role/${'r'.repeat(64)}`, 'r'.repeat(64)],
  [`arn:aws:iam::000000000000:role/${'r'.repeat(65)}`, undefined],
  ['arn:aws:iam::000000000000:role/', undefined],
  ['arn:aws:iam::000000000000:roler', undefined],
  ['arn:aws:iam::000000000000:user/r', undefined],
  ['arn:aws:iam::111111111111:role/r', undefined],
])('%s names the role %s', (arn, name) => {
  expect(roleNameOf(ACCOUNT, arn)).toBe(name)
})
