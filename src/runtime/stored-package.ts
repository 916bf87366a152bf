import { ServiceError } from '../aws/service-error.ts'
import type { CodeStore } from '../ports/code-store.ts'
import type { PackageVerifier } from '../ports/package-verifier.ts'
import { readLinkTargets } from './package-files.ts'
import { checkEntries } from './read-entries.ts'
import { verifyPackage } from './verify-package.ts'
import { readZipDirectory, type ByteSource } from './zip-directory.ts'

type Store = Pick<CodeStore, 'head' | 'get'>

/** A stored zip, read by range. Throws ServiceException when it is not there. */
export async function storedZip(code: Store, codeKey: string): Promise<ByteSource> {
  const head = await code.head(codeKey)
  if (head === undefined) throw missing(codeKey)
  return {
    size: head.size,
    async read(offset, length) {
      if (length === 0) return new Uint8Array()
      const object = await code.get(codeKey, { offset, length })
      if (object === undefined) throw missing(codeKey)
      return new Uint8Array(await new Response(object.body).arrayBuffer())
    },
  }
}

export function storedPackageVerifier(code: Store): PackageVerifier {
  return {
    async verify(codeKey, handler) {
      const zip = await storedZip(code, codeKey)
      const entries = await readZipDirectory(zip)
      verifyPackage(entries, handler, await readLinkTargets(zip, entries))
      await checkEntries(zip, entries)
    },
  }
}

function missing(codeKey: string): ServiceError {
  return new ServiceError('ServiceException', `${codeKey} is not in the code store`)
}
