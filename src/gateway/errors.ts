import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { logFault } from '../aws/log-fault.ts'
import { ServiceError, type ErrorCode } from '../aws/service-error.ts'
import { queryServices } from '../iam/routes.ts'
import type { Front } from '../ports/front.ts'
import { queryError } from './query-errors.ts'
import { isQueryProtocol, withNamespace } from './query-protocol.ts'

interface WireForm {
  status: ContentfulStatusCode
  /** The 2014 model spells the text's member differently from shape to shape. */
  member: 'message' | 'Message'
  /** Absent on what the front door answers before Lambda itself sees the request. */
  type?: 'User' | 'Service'
}

const WIRE: Record<ErrorCode, WireForm> = {
  AccessDeniedException: { status: 403, member: 'Message' },
  DeleteConflict: { status: 409, member: 'message' },
  EntityAlreadyExists: { status: 409, member: 'message' },
  ExpiredIteratorException: { status: 400, member: 'message' },
  ExpiredTokenException: { status: 403, member: 'message' },
  IncompleteSignatureException: { status: 403, member: 'message' },
  InvalidArgumentException: { status: 400, member: 'message' },
  InvalidParameterException: { status: 400, member: 'message' },
  InvalidParameterValueException: { status: 400, member: 'message', type: 'User' },
  InvalidRequestContentException: { status: 400, member: 'message', type: 'User' },
  InvalidSignatureException: { status: 403, member: 'message' },
  LimitExceeded: { status: 409, member: 'message' },
  LimitExceededException: { status: 400, member: 'message' },
  MalformedPolicyDocument: { status: 400, member: 'message' },
  MethodNotAllowedException: { status: 405, member: 'message', type: 'User' },
  MissingAuthenticationTokenException: { status: 403, member: 'message' },
  MissingContentLengthException: { status: 411, member: 'message', type: 'User' },
  NoSuchEntity: { status: 404, member: 'message' },
  ProvisionedThroughputExceededException: { status: 400, member: 'message' },
  ResourceAlreadyExistsException: { status: 400, member: 'message' },
  ResourceInUseException: { status: 400, member: 'message' },
  ResourceNotFoundException: { status: 404, member: 'Message', type: 'User' },
  SerializationException: { status: 400, member: 'Message', type: 'User' },
  ServiceException: { status: 500, member: 'Message', type: 'Service' },
  UnknownOperationException: { status: 404, member: 'message', type: 'User' },
  UnrecognizedClientException: { status: 403, member: 'message' },
  ValidationException: { status: 400, member: 'message' },
}

/** Turns whatever was thrown into AWS's answer; what nobody expected is logged and told no one. */
export function answerError(error: unknown, c: Context<Front>): Response {
  const known = error instanceof ServiceError ? error : unexpected(error, c)
  if (isQuery(c)) return xmlError(known, c)
  c.header('x-amzn-ErrorType', known.code)
  return isJsonProtocol(c) ? jsonProtocolError(known, c) : restError(known, c)
}

/** rest-json: Lambda and the gateway's own routes. */
function restError({ code, message }: ServiceError, c: Context<Front>): Response {
  const { status, member, type } = WIRE[code]
  return c.json(
    type === undefined ? { [member]: message } : { Type: type, [member]: message },
    status,
  )
}

/** JSON 1.1 answers every client's fault with 400 and names the code in the body. */
function jsonProtocolError({ code, message }: ServiceError, c: Context<Front>): Response {
  const status = WIRE[code].status >= 500 ? WIRE[code].status : 400
  c.header('content-type', 'application/x-amz-json-1.1')
  return c.body(JSON.stringify({ __type: code, message }), status)
}

/** Query: IAM and STS. */
function xmlError(error: ServiceError, c: Context<Front>): Response {
  const { xml, status, code } = queryError(error, WIRE[error.code].status, c.get('requestId'))
  c.header('x-amzn-ErrorType', code)
  c.header('content-type', 'text/xml')
  const [signedService = 'iam'] = [c.get('signedService') as string | undefined]
  const namespace = queryServices.get(signedService)?.namespace ?? ''
  return c.body(withNamespace(xml, namespace), status)
}

function isQuery(c: Context<Front>): boolean {
  const { pathname, search } = new URL(c.req.url)
  return isQueryProtocol({ path: pathname, query: search.slice(1), headers: c.req.raw.headers })
}

export function isJsonProtocol(c: Context<Front>): boolean {
  return c.req.header('x-amz-target') !== undefined
}

function unexpected(error: unknown, c: Context<Front>): ServiceError {
  const requestId = c.get('requestId')
  logFault('request failed', { requestId, method: c.req.method, path: c.req.path }, error)
  return new ServiceError(
    'ServiceException',
    `The service encountered an internal error (request id ${requestId}).`,
  )
}
