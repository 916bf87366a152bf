/** Where this gateway says it is: part of every ARN it makes. */
export interface Partition {
  region: string
  accountId: string
}

/** IAM knows no regions. */
type AccountOf = Pick<Partition, 'accountId'>

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME` */
export function functionArn({ region, accountId }: Partition, functionName: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`
}

/** `arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:UUID` */
export function eventSourceMappingArn({ region, accountId }: Partition, UUID: string): string {
  return `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${UUID}`
}

/** `arn:aws:logs:REGION:ACCOUNT:log-group:NAME` */
export function logGroupArn({ region, accountId }: Partition, logGroupName: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}`
}

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME` */
export function streamArn({ region, accountId }: Partition, streamName: string): string {
  return `arn:aws:kinesis:${region}:${accountId}:stream/${streamName}`
}

/** `arn:aws:iam::ACCOUNT:user/PATH/NAME`; a path has its slashes, `/` or `/team/`. */
export function userArn({ accountId }: AccountOf, path: string, userName: string): string {
  return `arn:aws:iam::${accountId}:user${path}${userName}`
}

/** `arn:aws:iam::ACCOUNT:role/PATH/NAME` */
export function roleArn({ accountId }: AccountOf, path: string, roleName: string): string {
  return `arn:aws:iam::${accountId}:role${path}${roleName}`
}

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`, which has no path. */
export function roleSessionArn(
  { accountId }: AccountOf,
  roleName: string,
  sessionName: string,
): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`
}

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/

/**
 * The name of a role of this account by its ARN, whose path says no more. `undefined` for what no role
 * here can be called: it may be too long to be looked up at all.
 */
export function roleNameOf({ accountId }: AccountOf, arn: string): string | undefined {
  const prefix = `arn:aws:iam::${accountId}:role/`
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  return arn.startsWith(prefix) && ROLE_NAME.test(name) ? name : undefined
}
