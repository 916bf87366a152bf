import type { z } from 'zod'
import { roleArn, roleNameOf, roleSessionArn } from '../aws/arn.ts'
import { accessDenied, type Caller } from '../aws/caller.ts'
import { ServiceError } from '../aws/service-error.ts'
import { issueCredentials } from '../aws/session-token.ts'
import type { Role } from '../ports/directory.ts'
import { evaluateTrust } from './evaluate.ts'
import { parseTrustPolicy } from './policy-document.ts'
import type { IamPorts, Result } from './query-operation.ts'
import type { AssumeRoleRequest } from './shapes.ts'
import { isoSeconds } from './wire-shapes.ts'

type Input = z.infer<typeof AssumeRoleRequest>

/** A role takes on another role for an hour at most (AWS: role chaining). */
const MAX_CHAINED_SECONDS = 3600

/** Temporary credentials of a role, for whom the role trusts. Nothing is stored of them. */
export async function assumeRole(ports: IamPorts, input: Input, caller: Caller): Promise<Result> {
  const { settings, now } = ports
  const role = await findRole(ports, input.RoleArn)
  if (role === undefined || !isTrusted(role, input, caller)) {
    throw accessDenied(caller, { action: 'sts:AssumeRole', resource: input.RoleArn })
  }
  checkDuration(input.DurationSeconds, role, caller)
  const issuedAtMilliseconds = now()
  const expiresAtMilliseconds = issuedAtMilliseconds + input.DurationSeconds * 1000
  const { roleName, roleId } = role
  const sessionName = input.RoleSessionName
  const credentials = await issueCredentials(settings.sealing, {
    roleName,
    roleId,
    sessionName,
    issuedAtMilliseconds,
    expiresAtMilliseconds,
  })
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${roleId}:${sessionName}`,
      Arn: roleSessionArn(settings, roleName, sessionName),
    },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: isoSeconds(expiresAtMilliseconds),
    },
  }
}

async function findRole({ directory, settings }: IamPorts, arn: string): Promise<Role | undefined> {
  const roleName = roleNameOf(settings, arn)
  if (roleName === undefined) return undefined
  const answer = await directory.ask('getRole', { roleName })
  if (answer.kind === 'refused') return undefined
  const role = answer.output
  return roleArn(settings, role.path, roleName) === arn ? role : undefined
}

/** The trust policy names the caller or leaves it to his own; his own may always deny. */
function isTrusted(role: Role, input: Input, caller: Caller): boolean {
  const { RoleArn, RoleSessionName, ExternalId } = input
  const context = {
    'sts:rolesessionname': RoleSessionName,
    ...(ExternalId === undefined ? {} : { 'sts:externalid': ExternalId }),
  }
  const own = caller.judge({ action: 'sts:AssumeRole', resource: RoleArn, context })
  const trust = evaluateTrust(
    parseTrustPolicy(role.trustPolicy),
    { kind: 'aws', names: namesOf(caller), accountId: caller.accountId },
    new Map([...caller.context(), ...Object.entries(context)]),
  )
  if (own === 'deny' || trust.verdict !== 'allow') return false
  return !trust.isDelegated || own === 'allow'
}

/** The unique ids of the caller and of his role and, for trust policies of earlier versions, the ARNs. */
function namesOf(caller: Caller): string[] {
  const names = [caller.arn, caller.userId]
  const [roleId = ''] = caller.userId.split(':')
  return caller.roleArn === undefined ? names : [...names, caller.roleArn, roleId]
}

function checkDuration(seconds: number, { maxSessionSeconds }: Role, { kind }: Caller): void {
  if (kind === 'role' && seconds > MAX_CHAINED_SECONDS) {
    throw new ServiceError(
      'ValidationException',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
  if (seconds > maxSessionSeconds) {
    throw new ServiceError(
      'ValidationException',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
}
