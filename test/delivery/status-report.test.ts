import { expect, test } from 'vitest'
import { StatusReport } from '../../src/delivery/status-report.ts'
import { initialState } from '../../src/delivery/pump-state.ts'

test('a status is told when the one before it was heard, or is long overdue', () => {
  const state = initialState({ kind: 'trimHorizon' })
  const report = new StatusReport(state)
  expect(report.due(0)).toBeUndefined()
  report.problem('gone', false)
  const problem = report.due(1000)
  expect(problem).toEqual({ kind: 'problem', message: 'gone', isOfShard: false })
  report.set({ kind: 'ok' })
  expect(report.due(2000)).toBeUndefined()
  if (problem !== undefined) report.heard(problem)
  expect(report.due(2000)).toEqual({ kind: 'ok' })
  expect(report.due(31_999)).toBeUndefined()
  expect(report.due(32_000)).toEqual({ kind: 'ok' })
  report.heard({ kind: 'ok' })
  expect(state.isReported).toBe(true)
  expect(report.due(99_000)).toBeUndefined()
})
