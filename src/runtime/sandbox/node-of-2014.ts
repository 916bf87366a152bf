import type nodeCrypto from 'node:crypto'
import type nodeOs from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type nodeUtil from 'node:util'
import { textOf } from './answers.ts'
import { printError } from './console-lines.ts'
import { requireModule } from './node-modules.ts'
import { theProcess } from './process.ts'
import { fsView } from './task-files.ts'

/** What Node 0.10 had, functions of 2014 used, and workerd has not or has otherwise; by module. */
export const additions2014: Record<string, (() => Record<string, unknown>) | undefined> = {
  crypto: cryptoOf2014,
  os: () => {
    const { networkInterfaces } = requireModule('node:os') as typeof nodeOs
    // workerd's own says `/tmp/`.
    const tmpdir = () => '/tmp'
    return { tmpdir, tmpDir: tmpdir, getNetworkInterfaces: networkInterfaces }
  },
  path: pathOf2014,
  'path/posix': pathOf2014,
  sys: utilOf2014,
  util: utilOf2014,
}

function pathOf2014() {
  return {
    exists: (...args: unknown[]) => fsFunction('exists')(...args),
    existsSync: (...args: unknown[]) => fsFunction('existsSync')(...args),
  }
}

function fsFunction(name: string): (...args: unknown[]) => unknown {
  return fsView()[name] as (...args: unknown[]) => unknown
}

function utilOf2014() {
  const { format } = requireModule('node:util') as typeof nodeUtil
  const write = (texts: unknown[], end: string) => {
    for (const text of texts) theProcess().stdout.write(textOf(text) + end)
  }
  return {
    print: (...texts: unknown[]) => write(texts, ''),
    puts: (...texts: unknown[]) => write(texts, '\n'),
    debug: (text: unknown) => printError(`DEBUG: ${textOf(text)}`),
    error: (...texts: unknown[]) => {
      for (const text of texts) printError(textOf(text))
    },
    log: (...args: unknown[]) => write([`${logTime()} - ${format(...args)}`], '\n'),
    pump: (from: Readable, to: Writable, callback?: (error?: unknown) => void) => {
      from.pipe(to)
      if (callback === undefined) return
      from.once('error', callback)
      to.once('error', callback)
      to.once('finish', () => callback())
    },
  }
}

/** `13 Nov 10:02:03` */
function logTime(): string {
  const [, month, day, , time] = new Date().toString().split(' ')
  return `${Number(day)} ${month} ${time}`
}

function cryptoOf2014() {
  const crypto = requireModule('node:crypto') as typeof nodeCrypto
  type Password = string | Uint8Array
  return {
    // The digest could be left out, for SHA-1.
    pbkdf2: (
      password: Password,
      salt: Password,
      rounds: number,
      length: number,
      ...rest: unknown[]
    ) => {
      const [digest, callback] = rest.length === 1 ? ['sha1', rest[0]] : rest
      type Callback = Parameters<typeof nodeCrypto.pbkdf2>[5]
      crypto.pbkdf2(password, salt, rounds, length, digest as string, callback as Callback)
    },
    pbkdf2Sync: (
      password: Password,
      salt: Password,
      rounds: number,
      length: number,
      digest = 'sha1',
    ) => crypto.pbkdf2Sync(password, salt, rounds, length, digest),
    createCipher: (algorithm: string, password: Password) => {
      const { name, key, iv } = keyOf(crypto, algorithm, password)
      return crypto.createCipheriv(name, key, iv)
    },
    createDecipher: (algorithm: string, password: Password) => {
      const { name, key, iv } = keyOf(crypto, algorithm, password)
      return crypto.createDecipheriv(name, key, iv)
    },
  }
}

/** OpenSSL's EVP_BytesToKey with MD5, one round and no salt: how `createCipher` made its key. */
function keyOf(crypto: typeof nodeCrypto, algorithm: string, password: string | Uint8Array) {
  // OpenSSL's short names.
  const name = algorithm.replace(/^aes(128|192|256)$/i, 'aes-$1-cbc')
  const info = crypto.getCipherInfo(name)
  if (info === undefined) throw new Error('Unknown cipher')
  const { keyLength, ivLength = 0 } = info
  const secret = typeof password === 'string' ? Buffer.from(password, 'latin1') : password
  let bytes = Buffer.alloc(0)
  let last = bytes
  while (bytes.length < keyLength + ivLength) {
    last = crypto.createHash('md5').update(last).update(secret).digest()
    bytes = Buffer.concat([bytes, last])
  }
  const iv = ivLength === 0 ? null : bytes.subarray(keyLength, keyLength + ivLength)
  return { name, key: bytes.subarray(0, keyLength), iv }
}
