/** Where this gateway says it is: part of every ARN it makes. */
export interface Partition {
  region: string
  accountId: string
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME` */
export function functionArn({ region, accountId }: Partition, functionName: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`
}

/** `arn:aws:logs:REGION:ACCOUNT:log-group:NAME` */
export function logGroupArn({ region, accountId }: Partition, logGroupName: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}`
}

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME` */
export function streamArn({ region, accountId }: Partition, streamName: string): string {
  return `arn:aws:kinesis:${region}:${accountId}:stream/${streamName}`
}
