import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { memoryGateway } from '../support/memory-gateway.ts'

const role = (length: number) => 'arn:aws:iam::000000000000:role/'.padEnd(length, 'r')
const handler = (length: number) => 'index.'.padEnd(length, 'h')

// The model bounds neither; records must fit beside their keys for lists to be cheap.
describe.each([
  { member: 'role', name: 'Role', longest: role(606), longer: role(607), bound: 606 },
  { member: 'handler', name: 'Handler', longest: handler(128), longer: handler(129), bound: 128 },
])('$name', ({ member, name, longest, longer, bound }) => {
  const text = `1 validation error detected: Value '${longer}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${bound}`
  const refusal = { status: 400, member: 'message', text } as const

  test(`may have ${bound} characters and no more in UploadFunction`, async () => {
    const { upload } = memoryGateway()
    expect((await upload('hello', { [name]: longest })).status).toBe(201)
    const response = await upload('hello', { [name]: longer })
    await expectError(response, 'InvalidParameterValueException', refusal, expect)
  })

  test(`may have ${bound} characters and no more in UpdateFunctionConfiguration`, async () => {
    const { upload, call } = memoryGateway()
    await upload('hello')
    const update = (value: string) =>
      call('PUT', `/2014-11-13/functions/hello/configuration?${name}=${encodeURIComponent(value)}`)
    expect((await update(longest)).status).toBe(200)
    await expectError(await update(longer), 'InvalidParameterValueException', refusal, expect)
  })
})
