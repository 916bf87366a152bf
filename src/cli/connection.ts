import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader'
import { Failure } from './failure.ts'

/** The flags that every command takes. */
export interface GlobalFlags {
  endpointUrl?: string
  profile?: string
  region?: string
  json?: boolean
}

export interface Connection {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  /** Where the credential was found, for those who wonder which one it is. */
  credentialSource: string
}

type Environment = Partial<Record<string, string>>
type Profile = Partial<Record<string, string>>

const DEFAULT_ENDPOINT = 'http://127.0.0.1:8787'

/**
 * Endpoint, region and credential as AWS's own tools find them: flags, then the environment, then
 * the profile. Only `--profile`, not `AWS_PROFILE`, goes before the environment's credential: so it
 * is in botocore (create_credential_resolver).
 */
export async function connectionOf(
  flags: GlobalFlags,
  environment: Environment,
): Promise<Connection> {
  const profileName = flags.profile ?? nonEmpty(environment.AWS_PROFILE) ?? 'default'
  const profile = await profileNamed(profileName)
  const isNamed = flags.profile !== undefined || nonEmpty(environment.AWS_PROFILE) !== undefined
  if (profile === undefined && isNamed) {
    throw new Failure(`There is no profile ${profileName} in ~/.aws/credentials or ~/.aws/config`)
  }
  const settings = profile ?? {}
  return {
    endpoint: endpointOf(
      flags.endpointUrl ??
        nonEmpty(environment.AWS_ENDPOINT_URL) ??
        settings.endpoint_url ??
        DEFAULT_ENDPOINT,
    ),
    region:
      flags.region ??
      nonEmpty(environment.AWS_REGION) ??
      nonEmpty(environment.AWS_DEFAULT_REGION) ??
      settings.region ??
      'us-east-1',
    ...credentialOf(flags, environment, settings, profileName),
  }
}

/** Without its last slash. */
function endpointOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Failure(`The endpoint ${text} is no URL of http or https`)
  }
  return url.href.replace(/\/$/, '')
}

type Credential = Pick<
  Connection,
  'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'credentialSource'
>

function credentialOf(
  flags: GlobalFlags,
  environment: Environment,
  profile: Profile,
  profileName: string,
): Credential {
  const fromEnvironment = credential(
    'the environment',
    environment.AWS_ACCESS_KEY_ID,
    environment.AWS_SECRET_ACCESS_KEY,
    environment.AWS_SESSION_TOKEN,
  )
  const fromProfile = credential(
    `profile ${profileName}`,
    profile.aws_access_key_id,
    profile.aws_secret_access_key,
    profile.aws_session_token,
  )
  const found = flags.profile === undefined ? (fromEnvironment ?? fromProfile) : fromProfile
  if (found !== undefined) return found
  throw new Failure(
    flags.profile === undefined
      ? 'There is no credential: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (both are `local` under `npm start`), or AWS_PROFILE'
      : `Profile ${profileName} has no aws_access_key_id and aws_secret_access_key; other kinds of credentials are not read`,
  )
}

function credential(
  credentialSource: string,
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): Credential | undefined {
  if (nonEmpty(accessKeyId) === undefined && nonEmpty(secretAccessKey) === undefined) {
    return undefined
  }
  if (!accessKeyId || !secretAccessKey) {
    throw new Failure(
      `Of the credential in ${credentialSource} there is only one half: access key id and secret access key belong together`,
    )
  }
  const token = nonEmpty(sessionToken)
  return {
    credentialSource,
    accessKeyId,
    secretAccessKey,
    ...(token === undefined ? {} : { sessionToken: token }),
  }
}

/** What both files say about a profile; the credentials file has the last word. */
async function profileNamed(name: string): Promise<Profile | undefined> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles()
  const [general, credentials] = [configFile[name], credentialsFile[name]]
  return general === undefined && credentials === undefined
    ? undefined
    : { ...general, ...credentials }
}

/** An empty variable is as good as none, as AWS's tools see it. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
