import { invalidParameterValue } from '../aws/service-error.ts'
import { entryPath } from './entry-path.ts'
import type { LinkTargets, PlacedFile } from './package-files.ts'
import { couldNotUnzip, type ZipEntry } from './zip-entry.ts'

interface FileNode {
  kind: 'file'
  entry: ZipEntry
}
interface FolderNode {
  kind: 'folder'
  parent: FolderNode | undefined
  children: Map<string, FileNode | FolderNode | LinkNode>
}
interface LinkNode {
  kind: 'link'
  parent: FolderNode
  name: string
  target: string
  /** Set once it was followed, also when it led nowhere. */
  found?: { node: FileNode | FolderNode | undefined }
}

/** Linux follows no more than this (path_resolution(7)); a circle has no end. */
const MAX_HOPS = 40
/** PATH_MAX of Linux. */
const MAX_PATH_LENGTH = 4096
/** Links to folders that have links to folders multiply: this ends it. */
const MAX_NODES = 100_000

/** The files of a package that has links; its names must have been verified. */
export function followLinks(entries: ZipEntry[], targets: LinkTargets): PlacedFile[] {
  const files: PlacedFile[] = []
  const open = new Set<FolderNode>()
  let visited = 0

  function visit(folder: FolderNode, prefix: string): void {
    if (open.has(folder)) throw inCircles(prefix.slice(0, -1))
    open.add(folder)
    for (const [name, child] of folder.children) {
      if (++visited > MAX_NODES) throw tooManyFiles()
      const path = prefix + name
      if (path.length > MAX_PATH_LENGTH) throw couldNotUnzip()
      const node = child.kind === 'link' ? follow(child) : child
      if (node?.kind === 'file') files.push({ path, entry: node.entry })
      else if (node !== undefined) visit(node, `${path}/`)
    }
    open.delete(folder)
  }

  visit(treeOf(entries, targets), '')
  return files
}

/** What a link stands for; `undefined` when it points to nothing. */
function follow(link: LinkNode, hops = 1): FileNode | FolderNode | undefined {
  if (hops > MAX_HOPS) throw inCircles(link.name)
  link.found ??= { node: walk(link, hops) }
  return link.found.node
}

function walk(link: LinkNode, hops: number): FileNode | FolderNode | undefined {
  if (link.target.startsWith('/')) throw leaves(link)
  let at: FileNode | FolderNode = link.parent
  for (const part of link.target.split('/')) {
    if (part === '' || part === '.') continue
    if (at.kind === 'file') return undefined
    if (part === '..' && at.parent === undefined) throw leaves(link)
    const next: FileNode | FolderNode | LinkNode | undefined =
      part === '..' ? at.parent : at.children.get(part)
    const found: FileNode | FolderNode | undefined =
      next?.kind === 'link' ? follow(next, hops + 1) : next
    if (found === undefined) return undefined
    at = found
  }
  return at
}

function treeOf(entries: ZipEntry[], targets: LinkTargets): FolderNode {
  const root: FolderNode = { kind: 'folder', parent: undefined, children: new Map() }
  let nodes = 0

  function folderAt(parts: string[]): FolderNode {
    let folder = root
    for (const part of parts) {
      let child = folder.children.get(part)
      if (child === undefined) {
        if (++nodes > MAX_NODES) throw tooManyFiles()
        child = { kind: 'folder', parent: folder, children: new Map() }
        folder.children.set(part, child)
      }
      if (child.kind !== 'folder') throw couldNotUnzip()
      folder = child
    }
    return folder
  }

  for (const entry of entries) {
    const parts = (entryPath(entry.name) ?? '').split('/')
    if (entry.kind === 'directory') {
      folderAt(parts.filter((part) => part !== ''))
      continue
    }
    const name = parts.pop() ?? ''
    const parent = folderAt(parts)
    const target = targets.get(entry)
    parent.children.set(
      name,
      entry.kind === 'file' || target === undefined
        ? { kind: 'file', entry }
        : { kind: 'link', parent, name: entry.name, target },
    )
  }
  return root
}

function leaves({ name, target }: LinkNode): Error {
  return invalidParameterValue(
    `The package contains a symbolic link that leaves it: '${name}' points to '${target}'`,
  )
}

function inCircles(name: string): Error {
  return invalidParameterValue(
    `The package contains a symbolic link that leads in circles: '${name}'`,
  )
}

function tooManyFiles(): Error {
  return invalidParameterValue(
    `The package has too many files: with what its symbolic links point to, more than ${MAX_NODES}`,
  )
}
