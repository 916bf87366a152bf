import { entryPath, verifyNames } from './entry-path.ts'
import { followLinks } from './follow-links.ts'
import { verifySizes } from './package-size.ts'
import { readEntries } from './read-entries.ts'
import type { ByteSource } from './zip-directory.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

/** A file of the package: where it goes, and the entry that has its content. */
export interface PlacedFile {
  path: string
  entry: ZipEntry
}

/** Where each symbolic link points, as the zip has it. */
export type LinkTargets = ReadonlyMap<ZipEntry, string>

/** PATH_MAX of Linux: no link there can say more. */
const MAX_TARGET_BYTES = 4096

/** Reads where the links among `entries` point. Throws what `readEntries` throws. */
export async function readLinkTargets(
  source: ByteSource,
  entries: ZipEntry[],
): Promise<LinkTargets> {
  const targets = new Map<ZipEntry, string>()
  const links = entries.filter(({ kind }) => kind === 'symlink')
  if (links.length === 0) return targets
  if (links.some(({ size }) => size > MAX_TARGET_BYTES)) throw couldNotUnzip()
  const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  await readEntries(
    source,
    entries,
    (entry, bytes) => void targets.set(entry, utf8.decode(bytes)),
    { kind: 'symlink' },
  )
  return targets
}

/**
 * The files of a package. A link stands for what it points to: the same content under the link's
 * name, of a directory everything in it; one that points to nothing is no file. Throws
 * InvalidParameterValueException for names that may not be used or clash, for links that leave the
 * package or lead in circles, and for more than can be loaded.
 */
export function placeFiles(entries: ZipEntry[], targets: LinkTargets): PlacedFile[] {
  verifyNames(entries)
  verifySizes(entries)
  if (!entries.some(({ kind }) => kind === 'symlink')) {
    return entries
      .filter(({ kind }) => kind === 'file')
      .map((entry) => ({ path: entryPath(entry.name) ?? '', entry }))
  }
  const files = followLinks(entries, targets)
  // What a link points to is loaded once more under the link's name.
  verifySizes(files.map(({ entry }) => entry))
  return files
}
