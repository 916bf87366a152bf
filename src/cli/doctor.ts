import { connectionOf, type Connection, type GlobalFlags } from './connection.ts'
import { canaryNamed } from './canary.ts'
import { FunctionPage } from './answers.ts'
import { Failure } from './failure.ts'
import { answerOf, gatewayAt, Refusal, refusalOf, type Gateway } from './gateway.ts'
import type { Output } from './output.ts'

/** How far signatures may be off, either way. */
const MAX_SKEW_SECONDS = 15 * 60
const HEALTH_MILLISECONDS = 10_000

interface Check {
  name: string
  advice: string
  /** Answers what it found, or throws. */
  look: () => Promise<string>
}

interface Finding {
  Name: string
  Result: 'ok' | 'FAIL' | 'skipped'
  Detail: string
}

/** Looks at all that has to work, in the order in which one thing needs the other. */
export async function doctor(
  output: Output,
  flags: GlobalFlags,
  environment: NodeJS.ProcessEnv,
  role: string | undefined,
): Promise<void> {
  const findings: Finding[] = []
  const report = (Name: string, Result: Finding['Result'], Detail: string) => {
    findings.push({ Name, Result, Detail })
    if (!output.isJson) output.line(`${Result.padEnd(7)}  ${Name.padEnd(15)}  ${Detail}`.trimEnd())
  }
  const hasFailed = () => findings.some(({ Result }) => Result === 'FAIL')
  const examine = async ({ name, advice, look }: Check) => {
    try {
      report(name, 'ok', await look())
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      report(name, 'FAIL', `${error.message.replace(/\.$/, '')}. ${advice}`)
    }
  }

  let connection: Connection | undefined
  await examine({
    name: 'configuration',
    advice: 'See `--help` for where they are looked for.',
    async look() {
      connection = await connectionOf(flags, environment)
      const { endpoint, region, credentialSource } = connection
      return `${endpoint}, ${region}, credential from ${credentialSource}`
    },
  })
  if (connection !== undefined) {
    const gateway = gatewayAt(connection)
    const account: Account = { id: '000000000000' }
    for (const check of checksBefore(gateway, connection, account)) {
      if (hasFailed()) report(check.name, 'skipped', '')
      else await examine(check)
    }
    if (!hasFailed()) {
      const id = crypto.randomUUID().slice(0, 8)
      const canaryRole = role ?? `arn:aws:iam::${account.id}:role/lambda`
      const canary = canaryNamed(gateway, `gateway-doctor-${id}`, id, canaryRole)
      for (const check of checksOf(canary)) {
        if (hasFailed() && check.name !== 'canary deleted') report(check.name, 'skipped', '')
        else await examine(check)
      }
    }
  }
  if (output.isJson) output.line(JSON.stringify({ Checks: findings }, null, 2))
  const failures = findings.filter(({ Result }) => Result === 'FAIL').length
  if (failures > 0) {
    throw new Failure(failures === 1 ? '1 check failed' : `${failures} checks failed`)
  }
}

/** Learned from the credential. */
interface Account {
  id: string
}

function checksBefore(gateway: Gateway, connection: Connection, account: Account): Check[] {
  const { endpoint } = connection
  let date: string | null = null
  return [
    {
      name: 'reachable',
      advice:
        'Start the gateway (`npm start`, `npm run start:deno`), or name the right one: --endpoint-url, AWS_ENDPOINT_URL.',
      async look() {
        const signal = AbortSignal.timeout(HEALTH_MILLISECONDS)
        const response = await answerOf(endpoint, () => fetch(`${endpoint}/healthz`, { signal }))
        if (!response.ok) throw await refusalOf(endpoint, response)
        date = response.headers.get('date')
        return `${endpoint}/healthz`
      },
    },
    {
      name: 'clock',
      advice: 'Set the clock of this machine, for example by NTP.',
      look: () => clockAgainst(gateway, date),
    },
    {
      name: 'credential',
      advice:
        'Compare access key and secret with the gateway’s (on Cloudflare `npx wrangler secret list` names them) or its user’s keys, and AWS_REGION with its region.',
      async look() {
        const identity = await callerIdentity(gateway)
        account.id = identity.account
        return identity.arn
      },
    },
    {
      name: 'functions',
      advice:
        'The credential needs lambda:ListFunctions, and the gateway on Cloudflare its KV binding FUNCTIONS (wrangler.toml).',
      async look() {
        const path = '/2014-11-13/functions/'
        const page = await gateway.json(FunctionPage, { method: 'GET', path })
        const count = page.Functions.length
        return `${count}${page.NextMarker === undefined ? '' : ' and more'} listed`
      },
    },
  ]
}

function checksOf(canary: ReturnType<typeof canaryNamed>): Check[] {
  return [
    {
      name: 'canary uploaded',
      advice:
        'With REQUIRE_ROLES, give --role ARN of a role that trusts Lambda. On Cloudflare the gateway needs its R2 bucket and its Durable Objects (wrangler.toml).',
      look: () => canary.upload(),
    },
    {
      name: 'canary invoked',
      advice:
        'On Cloudflare the gateway needs its queues with their consumer, and the binding LOADER for Dynamic Workers (`npx wrangler tail` shows its errors); on one machine it prints them.',
      look: () => canary.invoke(),
    },
    {
      name: 'canary logged',
      advice:
        'On Cloudflare the gateway needs its Durable Object LogGroupObject (wrangler.toml); on one machine it prints its errors.',
      look: () => canary.readLog(),
    },
    {
      name: 'canary deleted',
      advice: 'Delete it by hand: it is named gateway-doctor-….',
      look: () => canary.remove(),
    },
  ]
}

/** By the Date that proxies and Cloudflare add; without one, by whether a signature of now is taken. */
async function clockAgainst(gateway: Gateway, date: string | null): Promise<string> {
  const theirs = date === null ? NaN : Date.parse(date)
  if (Number.isNaN(theirs)) {
    const failure = await callerIdentity(gateway).catch((error: unknown) => error)
    if (failure instanceof Refusal && /expired|not yet current/i.test(failure.message)) {
      throw failure
    }
    return 'the gateway sends no Date, but takes signatures of now'
  }
  const seconds = Math.round((Date.now() - theirs) / 1000)
  const distance = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the gateway`
  if (Math.abs(seconds) > MAX_SKEW_SECONDS) throw new Failure(`This clock is ${distance}`)
  return distance
}

async function callerIdentity(gateway: Gateway): Promise<{ arn: string; account: string }> {
  const response = await gateway.send({
    method: 'POST',
    path: '/',
    service: 'sts',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })
  const text = await response.text()
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(text)?.[1]
  const account = /<Account>(\d+)<\/Account>/.exec(text)?.[1]
  if (arn === undefined || account === undefined) {
    throw new Failure('GetCallerIdentity answered something else')
  }
  return { arn, account }
}
