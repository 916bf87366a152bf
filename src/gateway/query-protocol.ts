import type { Context } from 'hono'
import { formParameters, queryParameters } from '../aws/query.ts'
import { ServiceError } from '../aws/service-error.ts'
import { decodeUtf8 } from '../aws/utf8.ts'
import { queryServices } from '../iam/routes.ts'
import type { Front } from '../ports/front.ts'
import type { SignedRequest } from './sigv4.ts'
import { toXml } from './xml.ts'

/** IAM and STS: a form goes in, or a query with an Action, and XML comes out. */
export function isQueryProtocol({
  path,
  query,
  headers,
}: Pick<SignedRequest, 'path' | 'query' | 'headers'>): boolean {
  if (path !== '/' || headers.has('x-amz-target')) return false
  const isForm = headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  return isForm === true || new URLSearchParams(`?${query}`).has('Action')
}

/** Runs the operation that the form names, of the service that it was signed for. */
export async function queryProtocol(c: Context<Front>): Promise<Response> {
  const input: Record<string, unknown> = {
    ...queryParameters(c.req.url),
    ...formParameters(formIn(c.get('body'))),
  }
  const [action, version] = [String(input.Action), String(input.Version)]
  const service = queryServices.get(c.get('signedService'))
  const run = service?.version === version ? service.operations.get(action) : undefined
  if (service === undefined || run === undefined) {
    throw new ServiceError(
      'UnknownOperationException',
      `Could not find operation ${action} for version ${version}`,
    )
  }
  const result = await run(c.get('ports'), c.get('caller'), input)
  const answer = {
    [`${action}Result`]: result,
    ResponseMetadata: { RequestId: c.get('requestId') },
  }
  c.header('content-type', 'text/xml')
  return c.body(withNamespace(toXml(`${action}Response`, answer), service.namespace))
}

/** The namespace of a service's XML, in the outermost element. */
export function withNamespace(xml: string, namespace: string): string {
  return xml.replace('>', ` xmlns="${namespace}">`)
}

function formIn(body: Uint8Array): string {
  try {
    return decodeUtf8(body)
  } catch {
    throw new ServiceError('ValidationException', 'The request body must be a form in UTF-8')
  }
}
