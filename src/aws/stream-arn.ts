/** What `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME` says. */
export interface StreamName {
  region: string
  accountId: string
  streamName: string
}

const STREAM_ARN = /^arn:aws:kinesis:([a-z]{2}-[a-z]+-\d):(\d{12}):stream\/([a-zA-Z0-9_.-]{1,128})$/

/** Takes the ARN of a stream apart; `undefined` for anything else. */
export function parseStreamArn(arn: string): StreamName | undefined {
  const [, region, accountId, streamName] = STREAM_ARN.exec(arn) ?? []
  if (region === undefined || accountId === undefined || streamName === undefined) return undefined
  return { region, accountId, streamName }
}
