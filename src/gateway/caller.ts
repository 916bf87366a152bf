import type { Caller } from '../aws/caller.ts'
import { evaluate } from '../iam/evaluate.ts'
import type { Identity } from './identify.ts'

/** What a request tells of itself besides its signature. */
export interface RequestFacts {
  url: string
  headers: Headers
  nowMilliseconds: number
  region: string
}

/** The identity with its policies at hand, to be asked about this request. */
export function callerOf(identity: Identity, facts: RequestFacts): Caller {
  const { kind, arn, accountId, userId, userName, roleArn, policies } = identity
  return {
    kind,
    arn,
    accountId,
    userId,
    ...(userName === undefined ? {} : { userName }),
    ...(roleArn === undefined ? {} : { roleArn }),
    context: () => new Map(contextOf(identity, facts)),
    judge({ action, resource, context = {} }) {
      if (policies === undefined) return 'allow'
      const known = new Map([...contextOf(identity, facts), ...Object.entries(context)])
      return evaluate(policies, { action, resource, context: known })
    },
  }
}

/** The global condition keys (reference_policies_condition-keys.html), as far as they are known. */
function contextOf(identity: Identity, facts: RequestFacts): [string, string][] {
  const { headers, nowMilliseconds, region } = facts
  const { protocol } = new URL(facts.url)
  const { issuedAtMilliseconds } = identity
  const known: [string, string | null | undefined][] = [
    ['aws:currenttime', new Date(nowMilliseconds).toISOString()],
    ['aws:epochtime', String(Math.floor(nowMilliseconds / 1000))],
    ['aws:principalaccount', identity.accountId],
    ['aws:principalarn', identity.roleArn ?? identity.arn],
    ['aws:principaltype', identity.kind === 'user' ? 'User' : 'AssumedRole'],
    ['aws:referer', headers.get('referer')],
    ['aws:requestedregion', region],
    ['aws:securetransport', String(protocol === 'https:')],
    ['aws:sourceip', headers.get('cf-connecting-ip')],
    ['aws:useragent', headers.get('user-agent')],
    ['aws:userid', identity.userId],
    ['aws:username', identity.userName],
  ]
  if (issuedAtMilliseconds !== undefined) {
    known.push(['aws:tokenissuetime', new Date(issuedAtMilliseconds).toISOString()])
  }
  return known.flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
}
