import { Hono } from 'hono'
import { parseInput } from '../aws/input.ts'
import { parseJsonInput } from '../aws/json-input.ts'
import { parseJsonObject } from '../aws/json-object.ts'
import { queryParameters } from '../aws/query.ts'
import type { Front } from '../ports/front.ts'
import { permit, permitMapping, permitPassRole } from './access.ts'
import { addEventSource } from './add-event-source.ts'
import { AddEventSourceRequest, ListEventSourcesRequest } from './event-source-shapes.ts'
import { getEventSource } from './get-event-source.ts'
import { listEventSources } from './list-event-sources.ts'
import { removeEventSource } from './remove-event-source.ts'
import { NO_CONTENT, wrongMethod } from './routes.ts'

/** The operation table of event sources, mounted at `/2014-11-13/event-source-mappings`. */
export const eventSourceMappings = new Hono<Front>({ strict: false })
  .get('/', async (c) => {
    const input = parseInput(ListEventSourcesRequest, queryParameters(c.req.url))
    permit(c, 'lambda:ListEventSources')
    return c.json(await listEventSources(c.get('ports'), input))
  })
  .post('/', async (c) => {
    const input = parseJsonInput(AddEventSourceRequest, parseJsonObject(c.get('body')))
    permit(c, 'lambda:AddEventSource', input.FunctionName)
    permitPassRole(c, input.Role)
    return c.json(await addEventSource(c.get('ports'), input))
  })
  .get('/:UUID', async (c) => {
    const { UUID } = c.req.param()
    permitMapping(c, 'lambda:GetEventSource', UUID)
    return c.json(await getEventSource(c.get('ports'), UUID))
  })
  .delete('/:UUID', async (c) => {
    const { UUID } = c.req.param()
    permitMapping(c, 'lambda:RemoveEventSource', UUID)
    await removeEventSource(c.get('ports'), UUID)
    return c.body(null, 204, NO_CONTENT)
  })
  .all('/', wrongMethod)
  .all('/:UUID', wrongMethod)
