import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { builtInSdk } from '../../../runtime/aws-sdk-modules.ts'
import { SCRIPT_PARSER_FILE } from '../../../runtime/sandbox/process/process-protocol.ts'

const BUILD = new URL('../../../../build/', import.meta.url)
const RUNTIME = 'var/runtime/'

export const PROGRAM_FILE = 'process-sandbox.mjs'

/** Writes what all processes run and may read: to functions it is `/var/runtime`. */
export async function writeProgram(folder: string): Promise<void> {
  const files = new Map([
    [PROGRAM_FILE, built('process-sandbox.txt')],
    [SCRIPT_PARSER_FILE, built('process-script-parser.txt')],
  ])
  for (const [name, source] of builtInSdk(built('aws-sdk.txt'))) {
    files.set(name.slice(RUNTIME.length), source)
  }
  for (const [name, text] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
}

function built(name: string): string {
  return readFileSync(new URL(name, BUILD), 'utf8')
}
