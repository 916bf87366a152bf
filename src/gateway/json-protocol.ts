import type { Context } from 'hono'
import { parseJsonObject } from '../aws/json-object.ts'
import { ServiceError } from '../aws/service-error.ts'
import { kinesisOperations } from '../kinesis/routes.ts'
import { logsOperations } from '../logs/routes.ts'
import type { Front } from '../ports/front.ts'

/** JSON 1.1: POST / with the operation in `X-Amz-Target`, input and output in the bodies. */
export async function jsonProtocol(c: Context<Front>): Promise<Response> {
  const target = c.req.header('x-amz-target') ?? ''
  const operation = logsOperations.get(target) ?? kinesisOperations.get(target)
  if (operation === undefined) {
    throw new ServiceError('UnknownOperationException', `There is no operation '${target}'`)
  }
  const output = await operation(c.get('ports'), c.get('caller'), parseJsonObject(c.get('body')))
  c.header('content-type', 'application/x-amz-json-1.1')
  return c.body(output === undefined ? '' : JSON.stringify(output))
}
