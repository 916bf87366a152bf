import { conditionsHold } from './conditions.ts'
import type { PolicyDocument, Statement } from './policy-document.ts'
import { matchesText, type Context } from './policy-text.ts'

export interface AccessRequest {
  /** `lambda:GetFunction` */
  action: string
  /** An ARN, or `*` for what concerns no one resource. */
  resource: string
  context: Context
}

/** Who wants to take a role on; of a user or a role, all that a policy may call him by. */
export type TrustedCaller =
  { kind: 'service'; service: string } | { kind: 'aws'; names: string[]; accountId: string }

/** What policies say of a request. `none` is a refusal as well, unless another policy allows. */
export type Verdict = 'allow' | 'deny' | 'none'

interface Reading {
  context: Context
  hasVariables: boolean
}

/** An explicit deny wins over every allow; without either nothing is allowed. */
export function evaluate(policies: PolicyDocument[], request: AccessRequest): Verdict {
  return verdictOf(policies, request.context, (statement, reading) => {
    return (
      concernsAction(statement, request.action) &&
      concernsResource(statement, request.resource, reading)
    )
  })
}

/**
 * What a role's trust policy says of a caller. Of its own account's root it says only that the
 * caller's own policies decide: then, and only then, `isDelegated`.
 */
export function evaluateTrust(
  trust: PolicyDocument,
  caller: TrustedCaller,
  context: Context,
): { verdict: Verdict; isDelegated: boolean } {
  const of = (isNamed: (statement: Statement) => boolean) =>
    verdictOf([trust], context, (statement) => {
      return concernsAction(statement, 'sts:AssumeRole') && isNamed(statement)
    })
  const named = of((statement) => namesCaller(statement, caller))
  const account = of((statement) => namesAccount(statement, caller))
  if (named === 'deny' || account === 'deny') return { verdict: 'deny', isDelegated: false }
  return named === 'allow'
    ? { verdict: 'allow', isDelegated: false }
    : { verdict: account, isDelegated: true }
}

function verdictOf(
  policies: PolicyDocument[],
  context: Context,
  concerns: (statement: Statement, reading: Reading) => boolean,
): Verdict {
  let verdict: Verdict = 'none'
  for (const policy of policies) {
    const reading = { context, hasVariables: policy.Version === '2012-10-17' }
    for (const statement of policy.Statement) {
      if (!concerns(statement, reading)) continue
      if (!conditionsHold(statement.Condition ?? {}, reading)) continue
      if (statement.Effect === 'Deny') return 'deny'
      verdict = 'allow'
    }
  }
  return verdict
}

/** Actions are the same in capitals, and know no variables. */
function concernsAction({ Action, NotAction }: Statement, action: string): boolean {
  const reading = {
    context: new Map<string, string>(),
    hasVariables: false,
    hasWildcards: true,
    ignoresCase: true,
  }
  const isAmong = (patterns: string[]) =>
    patterns.some((pattern) => matchesText(pattern, action, reading))
  return Action === undefined ? !isAmong(NotAction ?? []) : isAmong(Action)
}

function concernsResource(
  { Resource, NotResource }: Statement,
  resource: string,
  reading: Reading,
): boolean {
  const isAmong = (patterns: string[]) =>
    patterns.some((pattern) => matchesText(pattern, resource, { ...reading, hasWildcards: true }))
  return Resource === undefined ? !isAmong(NotResource ?? []) : isAmong(Resource)
}

/** Principals have no wildcards but `*`, which is everybody. */
function namesCaller({ Principal }: Statement, caller: TrustedCaller): boolean {
  if (caller.kind === 'service') return Principal?.Service?.includes(caller.service) === true
  return Principal?.AWS?.some((one) => one === '*' || caller.names.includes(one)) === true
}

function namesAccount({ Principal }: Statement, caller: TrustedCaller): boolean {
  if (caller.kind === 'service') return false
  const root = `arn:aws:iam::${caller.accountId}:root`
  return Principal?.AWS?.some((one) => one === caller.accountId || one === root) === true
}
