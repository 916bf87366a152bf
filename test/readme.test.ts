import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type LocalGateway } from './support/local-gateway.ts'

// README's sessions, as they are pasted, against a gateway on another port and with another HOME.

const run = promisify(execFile)
const readme = await readFile('README.md', 'utf8')
const python = await firstThatRuns(['/usr/bin/python3', 'python3'], ['-c', 'import boto3'])
const aws = await firstThatRuns(['/usr/bin/aws', 'aws'], ['--version'])
const isAwsV2 = aws !== undefined && (await run(aws, ['--version'])).stdout.includes('aws-cli/2')

let gateway: LocalGateway
let folder: string

beforeAll(async () => {
  gateway = await startGateway()
  folder = await mkdtemp(join(tmpdir(), 'session-'))
})

afterAll(async () => {
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The first code block after a mark or a heading. */
function blockAfter(mark: string): string {
  const at = readme.indexOf(mark)
  const [, block] = /```\w+\n([^]*?)```/.exec(readme.slice(at)) ?? []
  if (at < 0 || block === undefined) throw new Error(`README has no block after ${mark}`)
  return block.replaceAll('http://127.0.0.1:8787', gateway.url).replaceAll('/tmp/hello', folder)
}

async function shell(script: string): Promise<string> {
  const env = { ...process.env, HOME: folder, NODE_PATH: join(process.cwd(), 'node_modules') }
  const { stdout } = await run('bash', ['-euc', `${blockAfter('## A session')}\n${script}`], {
    env,
  })
  return stdout
}

async function firstThatRuns(commands: string[], args: string[]): Promise<string | undefined> {
  for (const command of commands) {
    const works = await run(command, args).then(
      () => true,
      () => false,
    )
    if (works) return command
  }
  return undefined
}

describe('README', () => {
  test('shows a session with AWS SDK v2 that works as pasted', async () => {
    const script = `cat > session.cjs <<'JS'\n${blockAfter('session: sdk-v2')}JS\nnode session.cjs`
    expect(await shell(script)).toMatch(/START[^]*\tHello, SDK\n[^]*REPORT[^]*\/code\/hello-sdk\//)
  })

  test.skipIf(python === undefined)('shows a session with boto3 that works as pasted', async () => {
    const script = `cat > session.py <<'PY'\n${blockAfter('session: boto3')}PY\n${python} session.py`
    expect(await shell(`${blockAfter('### boto3')}\n${script}`)).toMatch(
      /START[^]*\tHello, boto3\n[^]*REPORT[^]*\/code\/hello-boto3\/[^]*\['hello-boto3'\]/,
    )
  })

  test.skipIf(!isAwsV2)('shows a session with users and roles that works as pasted', async () => {
    const output = await shell(`aws() { ${aws} "$@"; }\n${blockAfter('session: iam')}`)
    expect(output).toMatch(
      /user\/ann"[^]*"Status": 202[^]*AccessDeniedException[^]*user\/ann is not authorized to perform: lambda:DeleteFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:guarded\nAnn may not do that\.[^]*\tI see guarded\n[^]*REPORT/,
    )
  })

  test.skipIf(!isAwsV2)('shows a session with AWS CLI v2 that works as pasted', async () => {
    const output = await shell(`aws() { ${aws} "$@"; }\n${blockAfter('session: cli-v2')}`)
    expect(output).toMatch(/"Status": 202[^]*\tHello, edge\n[^]*REPORT[^]*"Timeout": 10/)
  })

  test.skipIf(!isAwsV2)('shows a session with the command line that works as pasted', async () => {
    const model = blockAfter('session: cli-v2').split('\n\n')[0] ?? ''
    const script = `aws() { ${aws} "$@"; }\n${model}\n${blockAfter('session: command-line')}`
    expect(await shell(script)).toMatch(
      /ok +canary deleted[^]*function:guest is deployed[^]*waiting[^]*not you again[^]*State: +waiting\n[^]*\nREPORT[^]*\nguest +0 +0 +1 +0 +0\n/,
    )
  })

  test.skipIf(!isAwsV2)('shows a stream that feeds a function, as pasted', async () => {
    const model = blockAfter('session: cli-v2').split('\n\n')[0] ?? ''
    const script = `aws() { ${aws} "$@"; }\n${model}\n${blockAfter('session: streams')}`
    expect(await shell(script)).toMatch(
      /START[^]*\tshardId-\d{12}:49\d{54} hello\n[^]*REPORT[^]*"Status": "OK"/,
    )
  })
})
