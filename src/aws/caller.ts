import { ServiceError } from './service-error.ts'

/** What is to be done, and on what: `lambda:GetFunction`, an ARN or `*`. */
export interface Access {
  action: string
  resource: string
  /** What policies may ask besides, such as `iam:PassedToService`; keys in lower case. */
  context?: Record<string, string>
  /** What a refusal tells in place of the resource, where that would say too much. */
  shown?: string
}

/** Who sent a request, and what the policies of his say of it. */
export interface Caller {
  kind: 'root' | 'user' | 'role'
  /** Of a role: that of the session, `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. */
  arn: string
  accountId: string
  userId: string
  userName?: string
  /** Of a role: its own ARN, which trust policies name. */
  roleArn?: string
  /** What policies may ask of the request, keys in lower case. */
  context(): ReadonlyMap<string, string>
  /** `none` is a refusal as well: nothing is allowed but what a policy allows. */
  judge(access: Access): 'allow' | 'deny' | 'none'
}

/** Throws AccessDeniedException unless the caller's policies allow this. */
export function authorize(caller: Caller, access: Access): void {
  if (caller.judge(access) !== 'allow') throw accessDenied(caller, access)
}

/** AWS's sentence. It is the same whether or not there is such a resource. */
export function accessDenied({ arn }: Caller, { action, resource, shown }: Access): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${shown ?? resource}`,
  )
}
