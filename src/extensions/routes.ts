import { Hono } from 'hono'
import { parseInput } from '../aws/input.ts'
import { queryParameters } from '../aws/query.ts'
import { permit } from '../lambda/access.ts'
import type { Front } from '../ports/front.ts'
import { chosenLetters } from './chosen-letters.ts'
import { countInvocations } from './count-invocations.ts'
import { getDeadLetter } from './get-dead-letter.ts'
import { getInvocation } from './get-invocation.ts'
import { listDeadLetters } from './list-dead-letters.ts'
import { listInvocations } from './list-invocations.ts'
import { purgeDeadLetters } from './purge-dead-letters.ts'
import { redriveDeadLetters } from './redrive-dead-letters.ts'
import {
  EventPath,
  FunctionPath,
  ListDeadLettersRequest,
  ListInvocationsRequest,
} from './shapes.ts'

/** What AWS never had, under `/gateway/`: signed like all else, never under AWS's paths. */
export const extensions = new Hono<Front>({ strict: false })
  .get('/functions/:FunctionName/invocations', async (c) => {
    const query = { ...queryParameters(c.req.url), ...c.req.param() }
    const input = parseInput(ListInvocationsRequest, query)
    permit(c, 'gateway:ListInvocations', input.FunctionName)
    return c.json(await listInvocations(c.get('ports'), input))
  })
  .get('/functions/:FunctionName/invocations/count', async (c) => {
    const { FunctionName } = parseInput(FunctionPath, c.req.param())
    permit(c, 'gateway:ListInvocations', FunctionName)
    return c.json(await countInvocations(c.get('ports'), FunctionName))
  })
  .get('/functions/:FunctionName/invocations/:RequestId', async (c) => {
    const { FunctionName, RequestId } = parseInput(EventPath, c.req.param())
    permit(c, 'gateway:GetInvocation', FunctionName)
    return c.json(await getInvocation(c.get('ports'), FunctionName, RequestId))
  })
  .get('/functions/:FunctionName/dead-letters', async (c) => {
    const query = { ...queryParameters(c.req.url), ...c.req.param() }
    const input = parseInput(ListDeadLettersRequest, query)
    permit(c, 'gateway:ListDeadLetters', input.FunctionName)
    return c.json(await listDeadLetters(c.get('ports'), input))
  })
  .get('/functions/:FunctionName/dead-letters/:RequestId', async (c) => {
    const { FunctionName, RequestId } = parseInput(EventPath, c.req.param())
    permit(c, 'gateway:ListDeadLetters', FunctionName)
    return c.json(await getDeadLetter(c.get('ports'), FunctionName, RequestId))
  })
  .post('/functions/:FunctionName/dead-letters/redrive', async (c) => {
    const input = chosenLetters(c.get('body'), c.req.param())
    permit(c, 'lambda:InvokeAsync', input.FunctionName)
    return c.json(await redriveDeadLetters(c.get('ports'), input))
  })
  .post('/functions/:FunctionName/dead-letters/purge', async (c) => {
    const input = chosenLetters(c.get('body'), c.req.param())
    permit(c, 'gateway:PurgeDeadLetters', input.FunctionName)
    return c.json(await purgeDeadLetters(c.get('ports'), input))
  })
