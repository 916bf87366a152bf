import { Failure } from './failure.ts'
import { printable } from './output.ts'
import { programFor } from './program.ts'

// `npm run cli -- COMMAND`.

// Whoever reads has seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

try {
  await programFor(process).parseAsync()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`${printable(error.message)}\n`)
  process.exitCode = 1
}
