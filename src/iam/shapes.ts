import { z } from 'zod'
import {
  atLeast,
  atMost,
  enumeration,
  lengthAtLeast,
  lengthAtMost,
  notOneString,
  pattern,
} from '../aws/input.ts'

// The shapes of IAM (2010-05-08) and STS (2011-06-15), by the names of their models. All values
// come as text: out of a form.

const member = () => z.string({ error: notOneString })
const NAME = String.raw`[\w+=,.@-]+`
const PATH = String.raw`(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`
const PATH_PREFIX = String.raw`\u002F[\u0021-\u007F]*`
const DOCUMENT = String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`

const name = (maxLength: number) =>
  member()
    .min(1, lengthAtLeast(1))
    .max(maxLength, lengthAtMost(maxLength))
    .regex(/^[\w+=,.@-]+$/, pattern(NAME))

const NewUserName = name(64)
const UserName = name(128)
const RoleName = name(64)
const PolicyName = name(128)
const Path = member()
  .max(512, lengthAtMost(512))
  .regex(/^\/([!-~]+\/)?$/, pattern(PATH))
const PathPrefix = member()
  .max(512, lengthAtMost(512))
  .regex(/^\/[!-\u007f]*$/, pattern(PATH_PREFIX))
const Document = member()
  .min(1, lengthAtLeast(1))
  .max(131_072, lengthAtMost(131_072))
  .regex(/^[\t\n\r -\u00ff]+$/, pattern(DOCUMENT))
const AccessKeyId = member()
  .min(16, lengthAtLeast(16))
  .max(128, lengthAtMost(128))
  .regex(/^\w+$/, pattern(String.raw`[\w]+`))
const STATUSES = ['Active', 'Inactive']
const Status = z.enum(STATUSES, enumeration(STATUSES))
const wholeNumber = (least: number, most: number) =>
  member()
    .regex(/^\d{1,9}$/, 'Member must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least, atLeast(least)).max(most, atMost(most)))

const page = { Marker: member().optional(), MaxItems: wholeNumber(1, 1000).default(100) }

// What would make a user, a role or a session smaller may not be passed over.
const NOT_SUPPORTED = 'Member is not supported here'
const notSupported = z.undefined(NOT_SUPPORTED).optional()

export const CreateUserRequest = z.object({
  UserName: NewUserName,
  Path: Path.default('/'),
  PermissionsBoundary: notSupported,
})
export const UserRequest = z.object({ UserName })
/** Without a name, of the caller himself. */
export const OptionalUserRequest = z.object({ UserName: UserName.optional() })
export const ListRequest = z.object({ PathPrefix: PathPrefix.default('/'), ...page })
export const ListAccessKeysRequest = z.object({ UserName: UserName.optional(), ...page })
export const UpdateAccessKeyRequest = z.object({
  UserName: UserName.optional(),
  AccessKeyId,
  Status,
})
export const DeleteAccessKeyRequest = z.object({ UserName: UserName.optional(), AccessKeyId })
export const UserPolicyRequest = z.object({ UserName, PolicyName })
export const PutUserPolicyRequest = z.object({ UserName, PolicyName, PolicyDocument: Document })
export const ListUserPoliciesRequest = z.object({ UserName, ...page })
export const CreateRoleRequest = z.object({
  RoleName,
  Path: Path.default('/'),
  AssumeRolePolicyDocument: Document,
  Description: member().max(1000, lengthAtMost(1000)).default(''),
  MaxSessionDuration: wholeNumber(3600, 43_200).default(3600),
  PermissionsBoundary: notSupported,
})
export const RoleRequest = z.object({ RoleName })
export const RolePolicyRequest = z.object({ RoleName, PolicyName })
export const PutRolePolicyRequest = z.object({ RoleName, PolicyName, PolicyDocument: Document })
export const ListRolePoliciesRequest = z.object({ RoleName, ...page })

export const GetCallerIdentityRequest = z.object({})
export const AssumeRoleRequest = z
  .looseObject({
    RoleArn: member().min(20, lengthAtLeast(20)).max(2048, lengthAtMost(2048)),
    RoleSessionName: name(64).min(2, lengthAtLeast(2)),
    DurationSeconds: wholeNumber(900, 43_200).default(3600),
    ExternalId: member().min(2, lengthAtLeast(2)).max(1224, lengthAtMost(1224)).optional(),
    Policy: notSupported,
  })
  .check(({ value, issues }) => {
    // A form has the members of a list one by one: `PolicyArns.member.1.arn`.
    const policyArns = Object.keys(value).filter((key) => key.startsWith('PolicyArns.'))
    for (const key of policyArns) {
      issues.push({ code: 'custom', input: value, path: [key], message: NOT_SUPPORTED })
    }
  })
