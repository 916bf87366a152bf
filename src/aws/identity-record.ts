import { z } from 'zod'

/** What authentication has to know of an access key: all of its user as well. */
export const KeyRecord = z.object({
  isActive: z.boolean(),
  sealedSecret: z.string(),
  userName: z.string(),
  userId: z.string(),
  arn: z.string(),
  /** Documents, as they were put. */
  policies: z.array(z.string()),
})
export type KeyRecord = z.infer<typeof KeyRecord>

/** What has to be known of a role when it is taken on, or acts. */
export const RoleRecord = z.object({
  roleName: z.string(),
  roleId: z.string(),
  arn: z.string(),
  /** Whether its trust policy names the Lambda service. */
  isForLambda: z.boolean(),
  policies: z.array(z.string()),
})
export type RoleRecord = z.infer<typeof RoleRecord>
