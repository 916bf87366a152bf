import { describe, test } from 'vitest'
import { awsEndpointFor, parseAwsEndpoints } from '../../src/aws/aws-endpoints.ts'
import { parseSettings } from '../../src/aws/settings.ts'

const ENDPOINTS = parseAwsEndpoints(
  'dynamodb=http://127.0.0.1:8000, s3=https://s3.test,sns=http://sns.test:80,ses=http://mail.test',
)

describe('FUNCTION_AWS_ENDPOINTS names the server for', () => {
  test.for([
    ['dynamodb.us-east-1.amazonaws.com', 'http://127.0.0.1:8000'],
    ['dynamodb.us-gov-west-1.amazonaws.com', 'http://127.0.0.1:8000'],
    ['dynamodb.cn-north-1.amazonaws.com.cn', 'http://127.0.0.1:8000'],
    ['dynamodb.us-east-1.amazonaws.com.', 'http://127.0.0.1:8000'],
    ['sns.amazonaws.com', 'http://sns.test'],
    ['email.eu-west-1.amazonaws.com', 'http://mail.test'],
    ['s3.amazonaws.com', 'https://s3.test'],
    ['s3.eu-west-1.amazonaws.com', 'https://s3.test'],
    ['s3-eu-west-1.amazonaws.com', 'https://s3.test'],
    ['s3-external-1.amazonaws.com', 'https://s3.test'],
    ['s3.dualstack.eu-west-1.amazonaws.com', 'https://s3.test'],
    ['bucket.s3.amazonaws.com', 'https://s3.test'],
    ['my.bucket.s3.eu-west-1.amazonaws.com', 'https://s3.test'],
    ['my.bucket.s3-eu-west-1.amazonaws.com', 'https://s3.test'],
  ])('%s: %s', ([host = '', server], { expect }) => {
    expect(awsEndpointFor(host, ENDPOINTS)).toBe(server)
  })

  test.for([
    'sqs.us-east-1.amazonaws.com',
    'streams.dynamodb.us-east-1.amazonaws.com',
    '123.s3-control.us-east-1.amazonaws.com',
    'amazonaws.com',
    'dynamodb.us-east-1.amazonaws.com.evil.example',
    'dynamodb.us-east-1.example.com',
    's3.test',
  ])('no %s', (host, { expect }) => {
    expect(awsEndpointFor(host, ENDPOINTS)).toBeUndefined()
  })
})

describe('FUNCTION_AWS_ENDPOINTS refuses to guess and names', () => {
  test.for([
    ['dynamodb', `'dynamodb' is not of the form SERVICE=http://HOST:PORT`],
    ['s3=http://a,dynamodb=localhost:8000', `'dynamodb=localhost:8000' is not of the form`],
    ['=http://a', `'=http://a' is not of the form`],
    ['S3=http://a', `'S3=http://a' is not of the form`],
    ['s3=ftp://a', `'s3=ftp://a' is not of the form`],
    ['s3=http://a/path', `'s3=http://a/path' is not of the form`],
    ['s3=http://a?b', `'s3=http://a?b' is not of the form`],
    ['s3=http://me@a', `'s3=http://me@a' is not of the form`],
    ['s3=http://a,s3=http://b', `'s3=http://b' is the second server for s3`],
    ['ses=http://a,email=http://b', `'email=http://b' is the second server for email`],
  ])('%s', ([text, message = ''], { expect }) => {
    expect(() => parseSettings({ FUNCTION_AWS_ENDPOINTS: text })).toThrow(
      `The gateway's configuration is wrong: FUNCTION_AWS_ENDPOINTS: ${message}`,
    )
  })

  test.for([undefined, '', ' , '])('nothing when it is %o', (text, { expect }) => {
    const variables = text === undefined ? {} : { FUNCTION_AWS_ENDPOINTS: text }
    expect(parseSettings(variables).functionAwsEndpoints.size).toBe(0)
  })
})
