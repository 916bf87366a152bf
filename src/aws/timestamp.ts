/** `2017-04-18T03:04:43.737+0000`, as Lambda writes LastModified (motdotla/node-lambda#232). */
export function awsTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('Z', '+0000')
}
