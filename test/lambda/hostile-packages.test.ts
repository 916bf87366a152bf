import { describe, expect, test } from 'vitest'
import { expectError } from '../support/expect-error.ts'
import { memoryGateway } from '../support/memory-gateway.ts'
import { zip, type ZipInput } from '../support/zip.ts'

const COULD_NOT_UNZIP =
  'Could not unzip uploaded file. Please check your file, then try to upload again.'

describe('UploadFunction refuses a package with', () => {
  test.each<{ what: string; input: ZipInput; text: string | RegExp }>([
    {
      what: 'a file that inflates to more than it declares',
      input: { name: 'a.js', data: 'x'.repeat(1000), size: 999 },
      text: COULD_NOT_UNZIP,
    },
    {
      what: 'a file that is not what its CRC-32 says',
      input: { name: 'a.js', data: 'x', crc32: 1 },
      text: COULD_NOT_UNZIP,
    },
    { what: 'an encrypted file', input: { name: 'a.js', flags: 1 }, text: COULD_NOT_UNZIP },
    { what: 'a path that climbs', input: { name: '../a.js' }, text: COULD_NOT_UNZIP },
    { what: 'an absolute path', input: { name: '/a.js' }, text: COULD_NOT_UNZIP },
    { what: 'a backslash', input: { name: '..\\a.js' }, text: COULD_NOT_UNZIP },
    { what: 'a name twice', input: { name: 'index.js' }, text: COULD_NOT_UNZIP },
    {
      what: 'a symbolic link that leaves it',
      input: { name: 'a.js', data: '../../etc/passwd', mode: 0o120777 },
      text: /'a\.js' points to '\.\.\/\.\.\/etc\/passwd'$/,
    },
    {
      what: 'more than AWS unzips',
      input: { name: 'a.js', size: 262_144_000 },
      text: 'Unzipped size must be smaller than 262144000 bytes',
    },
    {
      what: 'more than can be loaded',
      input: { name: 'a.js', size: 41_943_040 },
      text: /larger than 41943040 bytes cannot be loaded here$/,
    },
  ])('$what, and keeps nothing of it', async ({ input, text }) => {
    const { upload, ports } = memoryGateway()
    const bytes = new Uint8Array(zip([{ name: 'index.js', data: '//' }, input]))
    await expectError(
      await upload('hello', {}, bytes),
      'InvalidParameterValueException',
      { status: 400, member: 'message', text },
      expect,
    )
    expect((await ports.functions.list(10)).records).toEqual([])
  })
})
