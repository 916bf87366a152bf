import type { ExpectStatic } from 'vitest'
import { memoryGateway } from './memory-gateway.ts'
import type { CallOptions } from './wire.ts'

/** Whom a request is from; the root, when it is not said. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

type Form = Record<string, string>

const VERSIONS = { iam: '2010-05-08', sts: '2011-06-15' }

/** How the credentials sign. */
export function signedBy({ accessKeyId, secretAccessKey, sessionToken }: Credentials): CallOptions {
  const signed = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }
  return { accessKeyId, secretAccessKey, signed }
}

/** IAM and STS over HTTP, on memory ports, and what a test of them begins with. */
export function iamGateway(options: MemoryOptions = {}) {
  const gateway = memoryGateway(options)

  async function call(
    service: 'iam' | 'sts',
    Action: string,
    parameters: Form = {},
    as?: Credentials,
  ): Promise<Response> {
    const form = new URLSearchParams({ Action, Version: VERSIONS[service], ...parameters })
    const { signed = {}, ...signing } = as === undefined ? {} : signedBy(as)
    return gateway.call('POST', '/', form.toString(), {
      service,
      ...signing,
      signed: { ...signed, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    })
  }

  /** The XML of an operation that succeeds. */
  async function ask(Action: string, parameters: Form = {}, as?: Credentials) {
    const service = ['AssumeRole', 'GetCallerIdentity'].includes(Action) ? 'sts' : 'iam'
    const response = await call(service, Action, parameters, as)
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return text
  }

  return {
    ...gateway,
    /** Where identities are published. */
    identities: gateway.ports.identities,
    query: call,
    ask,
    /** A user with a key and, if given, a policy of these statements. */
    async user(UserName: string, ...statements: object[]): Promise<Credentials> {
      await ask('CreateUser', { UserName })
      if (statements.length > 0) {
        const PolicyDocument = documentOf(...statements)
        await ask('PutUserPolicy', { UserName, PolicyName: 'policy', PolicyDocument })
      }
      const xml = await ask('CreateAccessKey', { UserName })
      return {
        accessKeyId: textOf(xml, 'AccessKeyId'),
        secretAccessKey: textOf(xml, 'SecretAccessKey'),
      }
    },
    async role(RoleName: string, Principal: unknown, ...statements: object[]): Promise<void> {
      const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }
      await ask('CreateRole', { RoleName, AssumeRolePolicyDocument: documentOf(trust) })
      const PolicyDocument = documentOf(...statements)
      await ask('PutRolePolicy', { RoleName, PolicyName: 'policy', PolicyDocument })
    },
    async assume(RoleArn: string, as?: Credentials, more: Form = {}): Promise<Credentials> {
      const xml = await ask('AssumeRole', { RoleArn, RoleSessionName: 'session', ...more }, as)
      return {
        accessKeyId: textOf(xml, 'AccessKeyId'),
        secretAccessKey: textOf(xml, 'SecretAccessKey'),
        sessionToken: textOf(xml, 'SessionToken'),
      }
    },
  }
}

type MemoryOptions = Exclude<Parameters<typeof memoryGateway>[0], undefined>

export function documentOf(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

/** The text of the first element of this name. */
export function textOf(xml: string, name: string): string {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? []
  if (text === undefined) throw new Error(`No ${name} in ${xml}`)
  return text
}

/** Status, code and message of an error in XML. */
export async function expectQueryError(
  response: Response,
  status: number,
  code: string,
  message: string | RegExp,
  expect: ExpectStatic,
): Promise<void> {
  const xml = await response.text()
  expect([response.status, textOf(xml, 'Code'), response.headers.get('content-type')]).toEqual([
    status,
    code,
    'text/xml',
  ])
  expect(textOf(xml, 'Message').replaceAll('&quot;', '"')).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
  expect(xml).toMatch(
    /^<ErrorResponse xmlns="https:\/\/(iam|sts)\.amazonaws\.com\/doc\/[0-9-]+\/">/,
  )
}
