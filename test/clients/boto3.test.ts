import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGateway, type LocalGateway } from '../support/local-gateway.ts'

// The session that a reader can run by hand, against `npm start` on a real workerd.

const run = promisify(execFile)
const PYTHON = '/usr/bin/python3'
const whyNot = await run(PYTHON, ['-c', 'import boto3']).then(
  () => undefined,
  () => `${PYTHON} has no boto3: apt-get install python3-boto3`,
)

describe('boto3', () => {
  let gateway: LocalGateway

  beforeAll(async () => {
    if (whyNot === undefined) gateway = await startGateway()
  })

  afterAll(async () => {
    if (whyNot === undefined) await gateway.stop()
  })

  test('finds everything as it was in 2014', async ({ skip }) => {
    skip(whyNot !== undefined, whyNot)
    // The script ends with 1 at a difference, and this rejects with all that it printed.
    const { stdout } = await run(PYTHON, ['test/clients/boto3_session.py', gateway.url])
    expect(stdout).toMatch(/\n0 differences\n$/)
    expect(stdout).not.toContain('DIFFERENT')
    expect(stdout.match(/^ok /gm)?.length).toBeGreaterThan(50)
  }, 90_000)

  test('administers users and roles, and takes a role on', async ({ skip }) => {
    skip(whyNot !== undefined, whyNot)
    const { stdout } = await run(PYTHON, ['test/clients/boto3_identity.py', gateway.url])
    expect(stdout).toMatch(/\n0 differences\n$/)
    expect(stdout.match(/^ok /gm)?.length).toBe(19)
  }, 90_000)
})
