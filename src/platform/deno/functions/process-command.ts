import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { devNull } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import {
  FETCH_HOST,
  IGNORED_SIGNALS,
  OUTBOUND_SOCKET,
  TEMPORARY_FOLDER,
} from '../../../runtime/sandbox/process/process-protocol.ts'
import { PROGRAM_FILE } from './program-folder.ts'
import { SHELL } from './system-shell.ts'

/** What functions may ask of the system: packages look at some of these while they load. */
const SYSTEM = 'cpus,hostname,loadavg,osRelease,osUptime,systemMemoryInfo'
/**
 * By these Deno's `fetch` connects to a server of the function's choice, wherever it is, in place of
 * `FETCH_HOST`, and asks for no permission (measured, 2.9.5).
 */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']
const DENIED_VARIABLES = [...PROXIES, ...PROXIES.map((name) => name.toLowerCase())]
/**
 * The process's own environment, of which functions see nothing: a folder that nobody can make. In
 * its own one Deno keeps, for all processes, what pages may store and what it knows of modules.
 */
export const ENVIRONMENT = { DENO_DIR: join(devNull, 'deno') }
/** Lambda's own. */
const MAX_OPEN_FILES = 1024
const MAX_FILE_BYTES = 512 * 1024 * 1024
/** Of util-linux: a process that dies with the gateway, writes no core and has limits of its own. */
const SETPRIV = '/usr/bin/setpriv'
const PRLIMIT = '/usr/bin/prlimit'
/**
 * Ctrl-C and systemd tell every process of the gateway's to end, but a call is to go on until its end.
 * A session of its own, which would keep such signals away, is no way: Linux shares the processor out
 * between sessions first, and priorities count inside of one only (`sched_autogroup_enabled`). With
 * one each, functions that computed had others' events wait for the gateway: their p99 was 162 ms in
 * place of 33 to 58 (two cores, `npm run bench:hostile`).
 */
const IGNORE_SIGNALS = `trap '' ${Object.values(IGNORED_SIGNALS).join(' ')}; unset PWD; exec "$@"`

/** Beyond this, V8's young objects take more of a small function's memory than they are worth. */
const YOUNG_MEGABYTES = 4

export interface ProcessFolders {
  /** The process's own: what it may read, and write in part. */
  own: string
  program: string
}

interface ProcessLimits {
  folders: ProcessFolders
  memorySizeMegabytes: number
}

/** How a function's process is started. It may do nothing but what is written here. */
export function processCommand(limits: ProcessLimits): string[] {
  const { folders, memorySizeMegabytes } = limits
  const socket = join(folders.own, OUTBOUND_SOCKET)
  const isConfined = existsSync(SETPRIV) && existsSync(PRLIMIT)
  const confined = [
    [SETPRIV, '--pdeathsig', 'KILL', '--no-new-privs', '--'],
    [PRLIMIT, `--nofile=${MAX_OPEN_FILES}`, `--fsize=${MAX_FILE_BYTES}`, '--core=0', '--'],
  ]
  return [
    ...(isConfined ? confined.flat() : []),
    ...[SHELL, '-c', IGNORE_SIGNALS, SHELL],
    denoPath(),
    'run',
    '--quiet',
    '--no-prompt',
    '--no-config',
    '--no-lock',
    '--no-remote',
    '--no-npm',
    '--no-code-cache',
    `--v8-flags=--max-old-space-size=${memorySizeMegabytes},--max-semi-space-size=${YOUNG_MEGABYTES}`,
    `--allow-read=${folders.own},${folders.program}`,
    `--allow-write=${join(folders.own, TEMPORARY_FOLDER)},${socket}`,
    `--allow-net=unix:${socket},${FETCH_HOST}:80`,
    // All others: the process is given none of the gateway's (`ENVIRONMENT`).
    '--allow-env',
    `--deny-env=${DENIED_VARIABLES.join()}`,
    `--allow-sys=${SYSTEM}`,
    join(folders.program, PROGRAM_FILE),
  ]
}

/** Deno itself where it runs the gateway, else the one that npm has installed. */
function denoPath(): string {
  if (process.versions['deno'] !== undefined) return process.execPath
  return join(dirname(createRequire(import.meta.url).resolve('deno/package.json')), 'deno')
}
