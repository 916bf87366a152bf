import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CodeStore } from '../../../ports/code-store.ts'
import { builtInSdk } from '../../../runtime/aws-sdk-modules.ts'
import { loadPackage, type PackageFile } from '../../../runtime/package-modules.ts'
import { INDEX_FILE, TASK_FOLDER } from '../../../runtime/sandbox/process/process-protocol.ts'
import type { PackageIndex } from '../../../runtime/sandbox/protocol.ts'
import { storedZip } from '../../../runtime/stored-package.ts'

/** How many files are written at a time. */
const WRITERS = 16

interface Written {
  path: string
  content: string | Uint8Array
}

/** Writes a package's files into the folder of a process, with what the sandbox has to know of them. */
export async function unpackPackage(
  code: Pick<CodeStore, 'get'>,
  codeKey: string,
  folder: string,
): Promise<void> {
  const files = await loadPackage(await storedZip(code, codeKey))
  const kinds: PackageIndex['files'] = {}
  for (const name of builtInSdk('').keys()) kinds[`/${name}`] = 'script'
  const written: Written[] = []
  for (const file of files) {
    kinds[`/var/task/${file.path}`] = file.kind
    written.push({ path: join(TASK_FOLDER, file.path), content: contentOf(file) })
  }
  written.push({ path: INDEX_FILE, content: JSON.stringify(kinds) })
  await writeAll(folder, written)
}

function contentOf(file: PackageFile): string | Uint8Array {
  return file.kind === 'data' ? file.bytes : file.source
}

async function writeAll(folder: string, files: Written[]): Promise<void> {
  const parents = new Set(files.map(({ path }) => dirname(join(folder, path))))
  for (const parent of parents) await mkdir(parent, { recursive: true })
  const left = files.values()
  const write = async () => {
    for (const { path, content } of left) await writeFile(join(folder, path), content)
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}
