import { ServiceError } from '../aws/service-error.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { PackageVerifier } from '../ports/package-verifier.ts'
import { readLinkTargets } from './package-files.ts'
import { checkEntries } from './read-entries.ts'
import { verifyPackage } from './verify-package.ts'
import { readZipDirectory, type ByteSource } from './zip-directory.ts'

/** Up to here one read is quicker than three; most functions of the time were smaller. */
const READ_WHOLE_BYTES = 1024 * 1024

type Store = Pick<CodeStore, 'get'>

const EMPTY: ByteSource = { size: 0, read: () => Promise.resolve(new Uint8Array()) }

/** A stored zip, read by range, or whole when it is small. Throws ServiceException when it is not there. */
export async function storedZip(code: Store, codeKey: string): Promise<ByteSource> {
  const start = await code.get(codeKey, { offset: 0, length: READ_WHOLE_BYTES })
  if (start === undefined) throw missing(codeKey)
  const { size, body } = start
  if (size <= READ_WHOLE_BYTES) {
    const whole = await bytesOf(body)
    const read: ByteSource['read'] = (offset, length) =>
      Promise.resolve(whole.subarray(offset, offset + length))
    return { size, read }
  }
  await body.cancel()
  return {
    size,
    read: async (offset, length) => {
      if (length === 0) return new Uint8Array()
      const object = await code.get(codeKey, { offset, length })
      if (object === undefined) throw missing(codeKey)
      return bytesOf(object.body)
    },
  }
}

export function storedPackageVerifier(code: Pick<CodeStore, 'get' | 'head'>): PackageVerifier {
  return {
    async verify(codeKey, handler) {
      // Of an object without bytes R2 reads no range.
      const isEmpty = (await code.head(codeKey))?.size === 0
      const zip = isEmpty ? EMPTY : await storedZip(code, codeKey)
      const entries = await readZipDirectory(zip)
      verifyPackage(entries, handler, await readLinkTargets(zip, entries))
      await checkEntries(zip, entries)
    },
  }
}

function missing(codeKey: string): ServiceError {
  return new ServiceError('ServiceException', `${codeKey} is not in the code store`)
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body).arrayBuffer())
}
