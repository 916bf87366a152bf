import { ServiceError } from '../aws/service-error.ts'
import {
  malformed,
  parseIdentityPolicy,
  parseTrustPolicy,
  type PolicyDocument,
} from './policy-document.ts'

// What IAM asks of a policy besides, when it is put. Policies that earlier versions stored without
// it have to be read and judged for ever, so that only who puts one comes by here.

const SID = /^[0-9A-Za-z]*$/
const STS_ACTION = /^sts:/i
/** Of a trust policy; white space does not count. */
const MAX_TRUST_CHARACTERS = 2048

/** A policy for a user or a role. Throws MalformedPolicyDocument. */
export function newIdentityPolicy(text: string): PolicyDocument {
  return checked(parseIdentityPolicy(text))
}

/** A policy that says who may take a role on. Throws MalformedPolicyDocument and LimitExceeded. */
export function newTrustPolicy(text: string): PolicyDocument {
  const policy = checked(parseTrustPolicy(text))
  // `NotAction` means nearly all actions there are, and so others as well.
  const isOnlySts = policy.Statement.every(
    ({ Action }) => Action?.every((action) => STS_ACTION.test(action)) === true,
  )
  if (!isOnlySts) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.')
  // Each principal is looked up, and again whenever the role is shown.
  if (text.replace(/\s/g, '').length > MAX_TRUST_CHARACTERS) {
    throw new ServiceError(
      'LimitExceeded',
      `Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_CHARACTERS}`,
    )
  }
  return policy
}

function checked(policy: PolicyDocument): PolicyDocument {
  if (policy.Statement.length === 0) throw malformed('Syntax errors in policy.')
  for (const { Action, NotAction, Resource, NotResource, Sid = '' } of policy.Statement) {
    if ((Action ?? NotAction)?.length === 0) {
      throw malformed('Policy statement must contain actions.')
    }
    if ((Resource ?? NotResource)?.length === 0) {
      throw malformed('Policy statement must contain resources.')
    }
    if (!SID.test(Sid)) {
      throw malformed(
        'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
      )
    }
  }
  const sids = policy.Statement.flatMap(({ Sid = '' }) => (Sid === '' ? [] : Sid))
  if (new Set(sids).size < sids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.')
  }
  return policy
}
