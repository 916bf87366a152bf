import { expect, test } from 'vitest'
import { parseSettings } from '../../src/aws/settings.ts'
import { FunctionActor } from '../../src/delivery/function-actor.ts'
import { memoryCodeStore } from '../../src/platform/memory/memory-code-store.ts'
import { memoryFunctionStore } from '../../src/platform/memory/memory-function-store.ts'
import { memorySql } from '../../src/platform/memory/memory-sql.ts'
import type { FunctionActorHost } from '../../src/delivery/function-actor-host.ts'
import type { Sql } from '../../src/ports/sql.ts'
import { recordOf } from '../contracts/function-store.ts'
import { fakeClock } from '../support/clock.ts'
import { FAILED, SUCCEEDED, scriptedRunner, settled } from '../support/scripted-runner.ts'

/** An uploaded function, and the first words of the statements that it runs from then on. */
async function uploaded(
  options: Pick<FunctionActorHost, 'pauseBeforeWrite' | 'maxBacklogBytes'> = {},
) {
  const { now } = fakeClock()
  const script = scriptedRunner()
  const statements: string[] = []
  const notes: string[] = []
  const stored = memorySql()
  const sql: Sql = {
    all(statement, ...bindings) {
      statements.push(statement.trimStart().split(' ', 1)[0] ?? '')
      return stored.all(statement, ...bindings)
    },
    transaction(work) {
      statements.push('BEGIN')
      return stored.transaction(work)
    },
  }
  const actor = new FunctionActor({
    sql,
    alarm: { set: () => undefined, clear: () => undefined },
    functions: memoryFunctionStore({ now }),
    code: memoryCodeStore(now),
    runner: script.runner,
    log: { note: (_, requestId) => notes.push(requestId) },
    settings: parseSettings({ FUNCTION_CONCURRENCY: '2' }),
    now,
    newId: () => crypto.randomUUID(),
    ...options,
  })
  const { configuration, codeKey } = recordOf('f')
  await actor.upload(configuration, codeKey)
  const accept = (...requestIds: string[]) =>
    actor.accept(
      requestIds.map((requestId) => ({
        functionName: 'f',
        requestId,
        acceptedAtMilliseconds: 1,
        payload: '{}',
      })),
    )
  // Whatever is read once is read by now.
  script.willAnswer(SUCCEEDED)
  accept('first')
  await settled()
  statements.length = 0
  return { actor, script, accept, statements, notes }
}

test('an event that finds a free place is written twice, and nothing is read', async () => {
  const { script, accept, statements } = await uploaded()
  script.willAnswer(SUCCEEDED)
  accept('r1')
  expect(statements).toEqual(['INSERT'])
  await settled()
  expect(statements).toEqual(['INSERT', 'UPDATE'])
})

test('an event that fails is written twice as well', async () => {
  const { script, accept, statements } = await uploaded()
  script.willAnswer(FAILED)
  accept('r1')
  await settled()
  expect(statements).toEqual(['INSERT', 'UPDATE'])
})

test('events that come together are written in one transaction', async () => {
  const { script, accept, statements } = await uploaded()
  accept('r1', 'r2')
  expect(statements).toEqual(['BEGIN', 'INSERT', 'INSERT'])
  expect(script.started.map(({ requestId }) => requestId)).toEqual(['first', 'r1', 'r2'])
})

test('an event for which there is no place is begun after those that came before it', async () => {
  const { script, accept } = await uploaded()
  accept('r1', 'r2', 'r3')
  accept('r4')
  const ids = () => script.started.map(({ requestId }) => requestId)
  expect(ids()).toEqual(['first', 'r1', 'r2'])
  for (let n = 0; n < 2; n++) {
    script.finish(SUCCEEDED)
    await settled()
  }
  expect(ids()).toEqual(['first', 'r1', 'r2', 'r3', 'r4'])
})

test('an event that is delivered again while it runs takes no second place', async () => {
  const { script, accept } = await uploaded()
  accept('r1')
  accept('r1', 'r2')
  accept('r2', 'r3')
  expect(script.started.map(({ requestId }) => requestId)).toEqual(['first', 'r1', 'r2'])
})

test('where a write costs much, events that end together are written together', async () => {
  let end: () => void = () => undefined
  const pauseBeforeWrite = () => new Promise<void>((resolve) => (end = resolve))
  const { actor, script, accept, statements } = await uploaded({ pauseBeforeWrite })
  end()
  await settled()
  statements.length = 0
  script.willAnswer(SUCCEEDED, SUCCEEDED, SUCCEEDED)
  accept('r1', 'r2')
  await settled()
  // Their places are free meanwhile.
  accept('r3')
  await settled()
  expect(statements).toEqual(['BEGIN', 'INSERT', 'INSERT', 'INSERT'])
  expect(actor.history.get('r1')).toMatchObject({ state: 'running' })
  statements.length = 0
  end()
  await settled()
  expect(statements).toEqual(['BEGIN', 'UPDATE', 'UPDATE', 'UPDATE'])
  expect(actor.history.count()).toMatchObject({ running: 0, succeeded: 4 })
})

test('what expired is laid down once, however often it is told', async () => {
  const { actor, accept, notes } = await uploaded({ maxBacklogBytes: 1000 })
  const event = { functionName: 'f', requestId: 'e', acceptedAtMilliseconds: 1, payload: '{}' }
  for (let n = 0; n < 3; n++) actor.bury(event, 'expired')
  expect(actor.letters.list(10).letters).toMatchObject([{ requestId: 'e', reason: 'expired' }])
  expect(notes).toEqual(['e'])
  // It takes the room of one.
  expect(accept('r1')).toBe('taken')
})
