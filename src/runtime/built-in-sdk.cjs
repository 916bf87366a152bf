// What `require('aws-sdk')` gives to a function whose package brings none: version 2 with the
// services below. `scripts/build-aws-sdk.ts` makes one file of it, to be run in functions' isolates.
require('aws-sdk/lib/node_loader')
const AWS = require('aws-sdk/lib/core')
const services = require('aws-sdk/apis/metadata.json')

const builtIn = {
  CloudWatch: require('aws-sdk/clients/cloudwatch'),
  CloudWatchLogs: require('aws-sdk/clients/cloudwatchlogs'),
  DynamoDB: require('aws-sdk/clients/dynamodb'),
  Kinesis: require('aws-sdk/clients/kinesis'),
  Lambda: require('aws-sdk/clients/lambda'),
  S3: require('aws-sdk/clients/s3'),
  SES: require('aws-sdk/clients/ses'),
  SNS: require('aws-sdk/clients/sns'),
  SQS: require('aws-sdk/clients/sqs'),
  STS: require('aws-sdk/clients/sts'),
}

for (const { name } of Object.values(services)) {
  if (!(name in builtIn)) AWS[name] = absent(name)
}

module.exports = AWS

function absent(name) {
  return function () {
    const names = Object.keys(builtIn).join(', ')
    throw new Error(
      `AWS.${name} is not in the built-in aws-sdk, which has ${names}. ` +
        `Bring aws-sdk along in the package's node_modules to use it.`,
    )
  }
}
