import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { isLoopback } from '../src/aws/loopback-address.ts'

// `npm start`: wrangler dev as this project means it. Further flags pass through.

const args = process.argv.slice(2)
const { values } = parseArgs({
  args,
  strict: false,
  allowPositionals: true,
  options: {
    ip: { type: 'string' },
    port: { type: 'string' },
    'inspector-port': { type: 'string' },
    tunnel: { type: 'boolean' },
    remote: { type: 'boolean', short: 'r' },
    var: { type: 'string', multiple: true },
  },
})

const CREDENTIALS = ['ROOT_ACCESS_KEY_ID', 'ROOT_SECRET_ACCESS_KEY', 'KEY_ENCRYPTION_SECRET']

const ip = typeof values.ip === 'string' ? values.ip : '127.0.0.1'
const port = typeof values.port === 'string' ? values.port : '8787'
const isExposed = values.tunnel === true || values.remote === true || !isLoopback(ip)
if (isExposed && !bringsOwnCredentials(values.var)) {
  console.error(
    'With the development credentials the gateway listens on this machine only. To use --ip, ' +
      '--tunnel or --remote, bring your own: ' +
      CREDENTIALS.map((name) => `--var ${name}:…`).join(' '),
  )
  process.exit(2)
}

const inspectorPort =
  typeof values['inspector-port'] === 'string' ? values['inspector-port'] : await freePort()

const wrangler = spawn(
  'wrangler',
  [
    'dev',
    ...(values.ip === undefined ? ['--ip', ip] : []),
    ...(values.port === undefined ? ['--port', port] : []),
    ...(values['inspector-port'] === undefined ? ['--inspector-port', inspectorPort] : []),
    // The Host header is signed, so it has to arrive as it was sent.
    '--infer-origin-from-routes=false',
    '--show-interactive-dev-session=false',
    '--var',
    `GATEWAY_PORTS:${port},${inspectorPort}`,
    ...args,
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      // The explorer reads and writes all of KV and R2 without a signature.
      X_LOCAL_EXPLORER: 'false',
      // What the explorer shows is collected otherwise, of every event and every call between objects:
      // nearly half of what an event costs (measured with wrangler 4.155.0).
      X_LOCAL_OBSERVABILITY: 'false',
      // Where a request comes from is asked of Cloudflare at start; nothing here wants to know.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
    },
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => wrangler.kill(signal))
}
wrangler.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)))

function bringsOwnCredentials(variables: unknown): boolean {
  const given = Array.isArray(variables) ? variables.map(String) : []
  return CREDENTIALS.every((name) =>
    given.some((text) => text.startsWith(`${name}:`) && text !== `${name}:local`),
  )
}

/** wrangler would pick another port by itself when its own is taken, and functions must know. */
function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const number = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(String(number)))
    })
  })
}
