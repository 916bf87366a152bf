import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'
import { zipOf } from '../support/memory-gateway.ts'

// A user who may run one function, by AWS CLI v2: that works, and nothing else does.

const run = promisify(execFile)
const aws = '/usr/bin/aws'
const isAwsV2 = await run(aws, ['--version']).then(
  ({ stdout }) => stdout.includes('aws-cli/2'),
  () => false,
)
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const ROLE = 'arn:aws:iam::000000000000:role/r'
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/s'

let gateway: LocalGateway
let folder: string
let ann: Record<string, string>

beforeAll(async () => {
  gateway = await startGateway()
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await writeFile(join(folder, 'f.zip'), zipOf())
  await writeFile(join(folder, 'event.json'), '{}')
  if (!isAwsV2) return
  const model = join(process.cwd(), 'model/lambda-2014-11-11.json')
  await cli('configure add-model --service-name preview --service-model', `file://${model}`)
  await cli('iam create-user --user-name ann')
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeAsync', Resource: FUNCTION }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement })
  const put = 'iam put-user-policy --user-name ann --policy-name p --policy-document'
  await cli(put, policy)
  const { AccessKey } = JSON.parse(await cli('iam create-access-key --user-name ann')) as {
    AccessKey: { AccessKeyId: string; SecretAccessKey: string }
  }
  ann = {
    AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey,
  }
  await cli(UPLOAD)
})

afterAll(async () => {
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
})

const UPLOAD = `preview upload-function --function-name f --function-zip f.zip --runtime nodejs --handler index.handler --mode event --role ${ROLE}`

async function cli(command: string, last?: string, as: Record<string, string> = {}) {
  const words = [...command.split(' '), ...(last === undefined ? [] : [last])]
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
    ...as,
  }
  const endpoint = words[0] === 'configure' ? [] : ['--endpoint-url', gateway.url]
  const { stdout } = await run(aws, [...endpoint, ...words], { env, cwd: folder })
  return stdout
}

describe.skipIf(!isAwsV2)('AWS CLI v2 as a user who may run one function', () => {
  test('runs it', async () => {
    const invoke = 'preview invoke-async --function-name f --invoke-args event.json'
    expect(await cli(invoke, undefined, ann)).toContain('"Status": 202')
  })

  test.each([
    [
      'preview invoke-async --function-name g --invoke-args event.json',
      'lambda:InvokeAsync',
      FUNCTION.replace(/f$/, 'g'),
    ],
    [UPLOAD, 'lambda:UploadFunction', FUNCTION],
    ['preview get-function --function-name f', 'lambda:GetFunction', FUNCTION],
    [
      'preview get-function-configuration --function-name f',
      'lambda:GetFunctionConfiguration',
      FUNCTION,
    ],
    [
      'preview update-function-configuration --function-name f --timeout 9',
      'lambda:UpdateFunctionConfiguration',
      FUNCTION,
    ],
    ['preview list-functions', 'lambda:ListFunctions', '*'],
    ['preview delete-function --function-name f', 'lambda:DeleteFunction', FUNCTION],
    [
      `preview add-event-source --function-name f --event-source ${STREAM} --role ${ROLE}`,
      'lambda:AddEventSource',
      FUNCTION,
    ],
    [
      'preview get-event-source --uuid 7',
      'lambda:GetEventSource',
      'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:7',
    ],
    ['preview list-event-sources', 'lambda:ListEventSources', '*'],
    [
      'preview remove-event-source --uuid 7',
      'lambda:RemoveEventSource',
      'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:7',
    ],
    [
      'logs filter-log-events --log-group-name /aws/lambda/f',
      'logs:FilterLogEvents',
      'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:log-stream:',
    ],
    [
      'kinesis put-record --stream-name s --data eA== --partition-key k',
      'kinesis:PutRecord',
      STREAM,
    ],
    ['iam create-access-key', 'iam:CreateAccessKey', 'arn:aws:iam::000000000000:user/ann'],
    [`sts assume-role --role-arn ${ROLE} --role-session-name x1`, 'sts:AssumeRole', ROLE],
  ])('is denied %s', async (command, action, resource) => {
    const refusal = await cli(command, undefined, ann).then(
      () => 'was allowed',
      (error: unknown) => String((error as { stderr?: string }).stderr),
    )
    expect(refusal.trim()).toMatch(
      /^An error occurred \(AccessDenied(Exception)?\) when calling the /,
    )
    expect(refusal).toContain(
      `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: ${action} on resource: ${resource}\n`,
    )
  })
})
