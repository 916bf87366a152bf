import { afterAll, beforeAll, describe, test } from 'vitest'
import type { DeadLetter } from '../../src/ports/event-records.ts'
import { until } from '../support/local-gateway.ts'
import { uploadFiles, type RuntimeHost } from '../support/runtime-host.ts'
import { rows, type Row } from './semantics-rows.ts'

const EXITED = 'Process exited before completing request'
const TIMED_OUT = 'Task timed out after 1.00 seconds'
const REPORT =
  'REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms \tMemory Size: 128 MB\tMax Memory Used: 0 MB\t\n'

function expectedLog({ outcome, lines = [] }: Row): string[] {
  const whole = ['START RequestId: ID\n', ...lines, 'END RequestId: ID\n', REPORT]
  if (outcome === 'exited') whole.push(`RequestId: ID ${EXITED}\n`)
  if (outcome === 'timedOut') whole.push(`TIME ID ${TIMED_OUT}\n`)
  return whole
}

function expectedReason({ outcome, reason }: Row): string | undefined {
  return { succeeded: undefined, failed: reason, exited: EXITED, timedOut: TIMED_OUT }[outcome]
}

/**
 * What comes of functions, whatever they run in: each row from the accepted event to the log and, if
 * it fails, to the dead letter. `shown` is a message of the log without what only this host has in it.
 */
export function functionSemantics(
  start: () => Promise<RuntimeHost>,
  shown: (message: string) => string,
): void {
  let ports: RuntimeHost
  beforeAll(async () => {
    ports = await start()
  })
  afterAll(() => ports.close())

  async function accept(functionName: string, requestId: string, payload = '{}'): Promise<void> {
    const event = { functionName, requestId, payload, acceptedAtMilliseconds: 0 }
    await ports.inboxes.accept(functionName, [event])
  }

  /** The log when so many calls are in it, without what differs from run to run. */
  async function logOf(functionName: string, requestId: string, calls: number): Promise<string[]> {
    let messages: string[] = []
    await until(async () => {
      const read = await ports.logs.read(`/aws/lambda/${functionName}`, { limit: 10_000 })
      messages = read.kind === 'page' ? read.events.map(({ message }) => message) : []
      return messages.filter((message) => message.startsWith('REPORT')).length >= calls
    })
    return messages.map((message) =>
      shown(message)
        .replaceAll(requestId, 'ID')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME')
        .replace(/(Billed )?Duration: [\d.]+/g, '$1Duration: N'),
    )
  }

  async function deadLetter(functionName: string): Promise<DeadLetter | undefined> {
    return (await ports.deadLetters.list(functionName, 10)).letters[0]
  }

  describe('what a function does, and what comes of it', () => {
    test.concurrent.for(rows.map((row, index) => ({ ...row, index })))(
      '$outcome: $name',
      async (row, { expect }) => {
        const name = `row-${row.index}`
        const requestId = `00000000-0000-4000-8000-${String(row.index).padStart(12, '0')}`
        const source =
          row.source ??
          `var fs = require('fs'); exports.handler = function (event, context, callback) {\n${row.body ?? ''} }`
        await uploadFiles(
          ports,
          name,
          { 'index.js': source },
          row.outcome === 'timedOut' ? { Timeout: 1 } : {},
        )
        await accept(name, requestId)
        const attempts = row.outcome === 'succeeded' ? 1 : 3
        const log = await logOf(name, requestId, attempts)
        expect(log).toEqual(Array.from({ length: attempts }, () => expectedLog(row)).flat())
        if (attempts > 1) await until(async () => (await deadLetter(name)) !== undefined)
        const letter = await deadLetter(name)
        expect(letter?.reason).toBe(expectedReason(row))
        expect(letter?.attempts.length).toBe(attempts > 1 ? 3 : undefined)
      },
    )
  })

  describe('after a call that ended badly, the same slot serves the next one, freshly loaded,', () => {
    const source = `
      counted = (typeof counted === 'number' ? counted : 0) + 1
      exports.handler = function (event, context) {
        if (event === 'hang') return
        if (event === 'late') return setInterval(function () {}, 10)
        if (event === 'exit') process.exit(1)
        if (event === 'throw') throw new Error('no')
        context.fail('loads: ' + counted)
      }`

    test.concurrent.for([
      { event: 'throw', kind: 'exited' },
      { event: 'exit', kind: 'exited' },
      { event: 'hang', kind: 'exited' },
      { event: 'late', kind: 'timedOut' },
      { event: 'fail', kind: 'failed' },
    ])('after $event', async ({ event, kind }, { expect }) => {
      const files = { 'index.js': source }
      const record = await uploadFiles(
        ports,
        `after-${event}`,
        files,
        event === 'late' ? { Timeout: 1 } : {},
      )
      const run = (payload: string, attempt: number) =>
        ports.runner.run({ record, requestId: event, attempt, slot: 0, payload })
      expect(await run(`"${event}"`, 1)).toMatchObject({ ran: true, outcome: { kind } })
      expect(await run('"ask"', 2)).toMatchObject({
        ran: true,
        outcome: { kind: 'failed', errorMessage: 'loads: 1' },
      })
    })
  })

  test('A package of ES modules, CommonJS and scripts without an ending runs as it was zipped', async ({
    expect,
  }) => {
    const record = await uploadFiles(ports, 'modules', {
      'package.json': '{"type": "module"}',
      'index.js':
        'import old from "./old.cjs"\nexport const handler = (event, context) => context.fail(old.name)',
      'old.cjs': 'exports.name = require("./bin/tool").name',
      'bin/tool': '#!/usr/bin/env node\nexports.name = __filename',
    })
    const run = { record, requestId: 'modules', attempt: 1, slot: 0, payload: '{}' }
    expect(await ports.runner.run(run)).toMatchObject({
      ran: true,
      outcome: { kind: 'failed', errorMessage: '/var/task/bin/tool' },
    })
  })
}
