/** Every code the gateway can answer, spelled as AWS spells it. */
export type ErrorCode =
  | 'AccessDeniedException'
  | 'DeleteConflict'
  | 'EntityAlreadyExists'
  | 'ExpiredIteratorException'
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidArgumentException'
  | 'InvalidParameterException'
  | 'InvalidParameterValueException'
  | 'InvalidRequestContentException'
  | 'InvalidSignatureException'
  | 'LimitExceeded'
  | 'LimitExceededException'
  | 'MalformedPolicyDocument'
  | 'MethodNotAllowedException'
  | 'MissingAuthenticationTokenException'
  | 'MissingContentLengthException'
  | 'NoSuchEntity'
  | 'ProvisionedThroughputExceededException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'ServiceException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException'
  | 'ValidationException'

/**
 * The one error class. Operations throw it, the front door turns it into AWS's wire form
 * (`gateway/errors.ts` has the table). It never crosses an RPC: there, outcomes are data.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = code
    this.code = code
  }
}

/** A parameter that AWS refuses with 400: the code of every violated constraint. */
export function invalidParameterValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message)
}

/** An InvokeAsync body that is not what it should be: 400. */
export function invalidRequestContent(message: string): ServiceError {
  return new ServiceError('InvalidRequestContentException', message)
}

/** The client's fault, and nothing that a log of failures should be full of. */
export function bodyBrokenOff(): ServiceError {
  return invalidRequestContent('The request body ended before its Content-Length')
}
