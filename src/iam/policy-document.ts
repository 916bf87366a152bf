import { z } from 'zod'
import { ServiceError } from '../aws/service-error.ts'
import { isConditionOperator } from './conditions.ts'

const TEXTS = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const VALUE = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])
const VALUES = z.union([VALUE.transform((one) => [one]), z.array(VALUE)])

const Principal = z.union([
  z.literal('*').transform((): Record<string, string[]> => ({ AWS: ['*'] })),
  z.partialRecord(z.enum(['AWS', 'Service', 'Federated', 'CanonicalUser']), TEXTS),
])

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principal.optional(),
  Action: TEXTS.optional(),
  NotAction: TEXTS.optional(),
  Resource: TEXTS.optional(),
  NotResource: TEXTS.optional(),
  Condition: z.record(z.string(), z.record(z.string(), VALUES)).optional(),
})
export type Statement = z.output<typeof Statement>

const Document = z.strictObject({
  Version: z.enum(['2008-10-17', '2012-10-17']).default('2008-10-17'),
  Id: z.string().optional(),
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
})
/** A policy, taken apart: what may be one or many is always many. */
export type PolicyDocument = z.output<typeof Document>

const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/
const RESOURCE = /^(\*|arn:[^:]+:.+)$/

/** A policy of a user or a role. Throws MalformedPolicyDocument, as far as may be in IAM's words. */
export function parseIdentityPolicy(text: string): PolicyDocument {
  const document = parse(text)
  for (const statement of document.Statement) {
    if (statement.Principal !== undefined) {
      throw malformed('Policy document should not specify a principal.')
    }
    if ((statement.Resource === undefined) === (statement.NotResource === undefined)) {
      throw malformed('Policy statement must contain resources.')
    }
    for (const resource of [...(statement.Resource ?? []), ...(statement.NotResource ?? [])]) {
      if (!RESOURCE.test(resource)) {
        throw malformed(`Resource ${resource} must be in ARN format or "*".`)
      }
    }
  }
  return document
}

/** Who may take a role on: principals in place of resources. */
export function parseTrustPolicy(text: string): PolicyDocument {
  const document = parse(text)
  for (const statement of document.Statement) {
    if (statement.Resource !== undefined || statement.NotResource !== undefined) {
      throw malformed('Has prohibited field Resource')
    }
    if (statement.Principal === undefined) throw malformed('Missing required field Principal')
  }
  return document
}

function parse(text: string): PolicyDocument {
  const { data } = Document.safeParse(jsonOf(text))
  if (data === undefined) throw malformed('Syntax errors in policy.')
  for (const statement of data.Statement) {
    if ((statement.Action === undefined) === (statement.NotAction === undefined)) {
      throw malformed('Policy statement must contain actions.')
    }
    for (const action of [...(statement.Action ?? []), ...(statement.NotAction ?? [])]) {
      if (!ACTION.test(action)) {
        throw malformed(
          'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
        )
      }
    }
    // What could not be judged may not be stored: a condition that is passed over is a hole.
    const unknown = Object.keys(statement.Condition ?? {}).find((one) => !isConditionOperator(one))
    if (unknown !== undefined) throw malformed(`Invalid Condition type : ${unknown}.`)
  }
  return data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', message)
}
