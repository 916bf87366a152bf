import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorCode, ServiceError } from '../aws/service-error.ts'
import { toXml } from './xml.ts'

/** What the Query protocol calls the errors that other protocols know by another name. */
const NAMES: Partial<Record<ErrorCode, [code: string, status: ContentfulStatusCode]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  ExpiredTokenException: ['ExpiredToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InvalidParameterValueException: ['ValidationError', 400],
  InvalidRequestContentException: ['ValidationError', 400],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  ServiceException: ['ServiceFailure', 500],
  UnknownOperationException: ['InvalidAction', 400],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  ValidationException: ['ValidationError', 400],
}

/** The error as `<ErrorResponse>`; `status` is that of the other protocols. */
export function queryError(
  { code, message }: ServiceError,
  status: ContentfulStatusCode,
  requestId: string,
): { xml: string; status: ContentfulStatusCode; code: string } {
  const [name, ownStatus] = NAMES[code] ?? [code, status]
  const Type = ownStatus >= 500 ? 'Receiver' : 'Sender'
  const answer = { Error: { Type, Code: name, Message: message }, RequestId: requestId }
  return { xml: toXml('ErrorResponse', answer), status: ownStatus, code: name }
}
