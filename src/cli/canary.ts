import { setTimeout as wait } from 'node:timers/promises'
import { strToU8, zipSync } from 'fflate'
import { z } from 'zod'
import type { InvocationInFull } from './answers.ts'
import { Failure } from './failure.ts'
import { Refusal, type Gateway } from './gateway.ts'
import { functionPath } from './paths.ts'
import { invocationOf } from './show.ts'
import { upload } from './upload.ts'

const RUN_MILLISECONDS = 60_000
const POLL_MILLISECONDS = 250

const SOURCE = `exports.handler = function (event, context) {
  console.log('canary ' + event.song)
  context.done(null, 'sung')
}
`

/** A function of doctor's own, which goes through all that functions go through. */
export interface Canary {
  upload(): Promise<string>
  invoke(): Promise<string>
  readLog(): Promise<string>
  /** Leaves nothing behind, however far it came. */
  remove(): Promise<string>
}

export function canaryNamed(
  gateway: Gateway,
  functionName: string,
  song: string,
  role: string,
): Canary {
  let event: InvocationInFull | undefined
  let requestId = ''

  async function ended(): Promise<InvocationInFull> {
    const giveUpAt = performance.now() + RUN_MILLISECONDS
    while (performance.now() < giveUpAt) {
      const now = await invocationOf(gateway, functionName, requestId).catch(ifNotFound(undefined))
      const error = now?.Attempts.at(-1)?.ErrorMessage
      if (error !== undefined) throw new Failure(`event ${requestId} failed: ${error}`)
      if (now?.State === 'succeeded' || now?.State === 'dead') return now
      await wait(POLL_MILLISECONDS)
    }
    throw new Failure(`event ${requestId} did not end within ${RUN_MILLISECONDS / 1000} s`)
  }

  return {
    async upload() {
      const zip = zipSync({ 'index.js': strToU8(SOURCE) })
      await upload(gateway, functionName, zip, { handler: 'index.handler', role })
      return functionName
    },
    async invoke() {
      const path = `${functionPath(functionName)}/invoke-async/`
      const body = JSON.stringify({ song })
      const response = await gateway.send({ method: 'POST', path, body })
      requestId = response.headers.get('x-amzn-requestid') ?? ''
      event = await ended()
      if (event.State === 'dead') {
        throw new Failure(`event ${requestId} died: ${event.Reason ?? ''}`)
      }
      return `event ${requestId} succeeded`
    },
    async readLog() {
      const giveUpAt = performance.now() + RUN_MILLISECONDS
      while (performance.now() < giveUpAt) {
        const { LogLines } = await invocationOf(gateway, functionName, requestId)
        if (LogLines.some((line) => line.includes(`canary ${song}`))) {
          return `${LogLines.length} lines`
        }
        await wait(POLL_MILLISECONDS)
      }
      throw new Failure(`what event ${requestId} printed is not in the log`)
    },
    async remove() {
      const path = functionPath(functionName)
      const absent = ifNotFound(undefined)
      await gateway.send({ method: 'DELETE', path }).catch(absent)
      const logGroupName = `/aws/lambda/${functionName}`
      await gateway.logs(z.unknown(), 'DeleteLogGroup', { logGroupName }).catch(absent)
      return 'with its log'
    },
  }
}

function ifNotFound<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof Refusal && error.code === 'ResourceNotFoundException') return value
    throw error
  }
}
