import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { SETTING_NAMES } from '../src/aws/settings.ts'

// `npm run start:deno` and `deno task start`: the Deno edition, with the permissions that it needs.
// Of a variable that both have, the environment's value goes before that of `.dev.vars`.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DEVELOPMENT_VARIABLES = join(ROOT, '.dev.vars')
/** Deno's `node:child_process` looks at this one, whatever is started. */
const SPAWN_VARIABLE = 'NODE_V8_COVERAGE'
/** What functions' processes are started and looked after with, as far as it is there. */
const TOOLS = ['/bin/sh', '/usr/bin/setpriv', '/usr/bin/prlimit'].filter((path) => existsSync(path))

const data = resolve(process.env.DATA_DIR ?? 'data')
const deno = join(ROOT, 'node_modules/deno/deno')
const gateway = spawn(
  deno,
  [
    'run',
    '--no-prompt',
    // At rest V8 would shrink its heap, by 100 MB after much load: the next 4000 events took a third
    // longer.
    '--v8-flags=--no-memory-reducer',
    ...(existsSync(DEVELOPMENT_VARIABLES) ? [`--env-file=${DEVELOPMENT_VARIABLES}`] : []),
    // Functions reach the internet through the gateway, which judges where they may go.
    '--allow-net',
    `--allow-read=${[ROOT, data, ...TOOLS].join(',')}`,
    `--allow-write=${data}`,
    `--allow-run=${[deno, ...TOOLS].join(',')}`,
    // Of functions' processes.
    '--allow-sys=getPriority,setPriority',
    `--allow-env=${['HOST', 'PORT', 'DATA_DIR', SPAWN_VARIABLE, ...SETTING_NAMES].join(',')}`,
    join(ROOT, 'src/entry/deno.ts'),
  ],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => gateway.kill(signal))
}
// One that was told to stop answers 0 by itself; what a signal ended has failed.
gateway.on('exit', (code) => process.exit(code ?? 1))
