import { describe, test } from 'vitest'
import { readOutcome } from '../../src/runtime/sandbox-outcome.ts'

const EXITED = { kind: 'exited', errorMessage: 'Process exited before completing request' }

describe('an instance’s answer', () => {
  test.for<{ name: string; body: string; outcome: unknown }>([
    { name: 'busy', body: '{"kind":"busy"}', outcome: 'busy' },
    {
      name: 'a success, without its result',
      body: '{"kind":"succeeded","result":"1"}',
      outcome: { kind: 'succeeded' },
    },
    {
      name: 'a failure with its frames as Lambda gave them',
      body: JSON.stringify({
        kind: 'failed',
        errorMessage: 'no',
        errorType: 'E',
        stack: 'E: no\nand more\n    at f (/var/task/a.js:1:2)\n    at /var/task/b.js:3:4',
      }),
      outcome: {
        kind: 'failed',
        errorMessage: 'no',
        errorType: 'E',
        stackTrace: ['f (/var/task/a.js:1:2)', '/var/task/b.js:3:4'],
      },
    },
    {
      name: 'a failure with nothing',
      body: '{"kind":"failed","errorMessage":null}',
      outcome: { kind: 'failed', errorMessage: null },
    },
    { name: 'an exit', body: '{"kind":"exited"}', outcome: EXITED },
    { name: 'nothing', body: '', outcome: EXITED },
    { name: 'no JSON', body: '{', outcome: EXITED },
    { name: 'another kind', body: '{"kind":"timedOut"}', outcome: EXITED },
    { name: 'a failure without a message', body: '{"kind":"failed"}', outcome: EXITED },
    {
      name: 'a message that is no text',
      body: '{"kind":"failed","errorMessage":{}}',
      outcome: EXITED,
    },
    {
      name: 'a message of any length',
      body: JSON.stringify({ kind: 'failed', errorMessage: 'x'.repeat(100_000) }),
      outcome: EXITED,
    },
    {
      name: 'more than anybody reads',
      body: `{"kind":"succeeded","x":"${'x'.repeat(3_000_000)}"}`,
      outcome: EXITED,
    },
  ])('can be $name', async ({ body, outcome }, { expect }) => {
    expect(await readOutcome(new Response(body))).toEqual(outcome)
  })
})
