import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { EVENT_STATES } from './answers.ts'
import { duration, functionName, requestId, requestIds, wholeNumber } from './arguments.ts'
import { connectionOf, type GlobalFlags } from './connection.ts'
import { deadList } from './dead-list.ts'
import { deadPurge } from './dead-purge.ts'
import { deadRedrive } from './dead-redrive.ts'
import { deadShow } from './dead-show.ts'
import { deploy } from './deploy.ts'
import { doctor } from './doctor.ts'
import { gatewayAt, type Gateway } from './gateway.ts'
import { invocations } from './invocations.ts'
import { outputTo, type Output } from './output.ts'
import { show } from './show.ts'
import { status } from './status.ts'
import { tail } from './tail.ts'
import type { FunctionSettings } from './upload.ts'

const ABOUT = `
Endpoint, region and credential come from these, the first that is set:
  --endpoint-url, AWS_ENDPOINT_URL, endpoint_url of the profile, http://127.0.0.1:8787
  --region, AWS_REGION, AWS_DEFAULT_REGION, region of the profile, us-east-1
  --profile, AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN,
    AWS_PROFILE or the profile "default" in ~/.aws/credentials and ~/.aws/config

Under \`npm start\` access key id and secret access key are both "local".
Results go to stdout, remarks to stderr. The exit code is 0, or 1 when something failed.`

/** The command line: what there is to say, and which file does it. */
export function programFor(process: NodeJS.Process): Command {
  const program = new Command('lambda-edge-gateway')
    .description('Looks after a Lambda Edge Gateway: its functions, their events and dead letters.')
    .option('--endpoint-url <url>', 'where the gateway is')
    .option('--profile <name>', 'profile of ~/.aws/credentials and ~/.aws/config')
    .option('--region <region>', 'region that requests are signed for')
    .option('--json', 'print JSON, for scripts')
    .addHelpText('after', ABOUT)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help tells more)')

  const flags = () => program.opts<GlobalFlags>()
  const output = () => outputTo(process.stdout, process.stderr, flags().json === true)
  const ask = async (command: (gateway: Gateway, output: Output) => Promise<void>) =>
    command(gatewayAt(await connectionOf(flags(), process.env)), output())

  program
    .command('status')
    .description(
      'list functions with the counts of their events, and event sources with their status',
    )
    .action(() => ask(status))

  program
    .command('invocations')
    .description('list what became of a function’s events, the newest first')
    .argument('<function>', 'name of the function', functionName)
    .addOption(new Option('--state <state>', 'only events in this state').choices(EVENT_STATES))
    .option('--limit <count>', 'how many to list', wholeNumber, 100)
    .action((name: string, options: { state?: string; limit: number }) =>
      ask((gateway, out) => invocations(gateway, out, name, options)),
    )

  program
    .command('show')
    .description('show one event: state, attempts, and what the function printed')
    .argument('<function>', 'name of the function', functionName)
    .argument('<request-id>', 'what InvokeAsync answered as x-amzn-RequestId', requestId)
    .action((name: string, id: string) => ask((gateway, out) => show(gateway, out, name, id)))

  addDead(program, ask)

  program
    .command('tail')
    .description('print a function’s log')
    .argument('<function>', 'name of the function', functionName)
    .option('-f, --follow', 'go on with what it prints from now on; Ctrl-C ends')
    .addOption(
      new Option('--since <duration>', 'how far to look back, such as 90s, 10m, 2h, 1d')
        .argParser(duration)
        .default(duration('10m'), '10m'),
    )
    .action((name: string, { follow, since }: { follow?: boolean; since: number }) => {
      const range = { sinceMilliseconds: Date.now() - since, isFollowing: follow === true }
      return ask((gateway, out) => tail(gateway, out, name, range))
    })

  program
    .command('deploy')
    .description('zip a folder, upload it as a function, and wait until the gateway has it')
    .argument('<folder>', 'the folder; all of it but .git is uploaded')
    .requiredOption('--name <function>', 'name of the function', functionName)
    .requiredOption('--handler <handler>', 'file and export, such as index.handler')
    .requiredOption('--role <arn>', 'role that it runs as')
    .option('--timeout <seconds>', 'after how many seconds a call is ended (1 to 60)')
    .option('--memory <megabytes>', 'MemorySize')
    .action((folder: string, options: FunctionSettings & { name: string }) =>
      ask((gateway, out) =>
        deploy(gateway, out, typedPath(process.env, folder), options.name, options),
      ),
    )

  program
    .command('doctor')
    .description('check configuration, clock and credential, and run a canary function end to end')
    .option('--role <arn>', 'role that the canary runs as, where roles must exist')
    .action(({ role }: { role?: string }) => doctor(output(), flags(), process.env, role))

  return program
}

/** `npm run cli` runs in the project's folder and tells where it was typed. */
function typedPath(environment: NodeJS.ProcessEnv, path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = environment
  return resolve(script === 'cli' && typedIn !== undefined ? typedIn : '.', path)
}

type Ask = (command: (gateway: Gateway, output: Output) => Promise<void>) => Promise<void>

function addDead(program: Command, ask: Ask): void {
  const dead = program
    .command('dead')
    .description('list, show, send again or delete the events that were given up')

  dead
    .command('list')
    .description('list a function’s dead letters, the oldest first')
    .argument('<function>', 'name of the function', functionName)
    .option('--limit <count>', 'how many to list', wholeNumber, 100)
    .action((name: string, { limit }: { limit: number }) =>
      ask((gateway, out) => deadList(gateway, out, name, limit)),
    )

  dead
    .command('show')
    .description('show one dead letter with its payload and attempts')
    .argument('<function>', 'name of the function', functionName)
    .argument('<request-id>', 'the event', requestId)
    .action((name: string, id: string) => ask((gateway, out) => deadShow(gateway, out, name, id)))

  dead
    .command('redrive')
    .description('send dead letters again: all tries anew, under the same request ids')
    .argument('<function>', 'name of the function', functionName)
    .argument('[request-id...]', 'the events', requestIds)
    .option('--all', 'all of the function’s')
    .action((name: string, ids: string[] | undefined, { all }: { all?: boolean }) =>
      ask((gateway, out) =>
        deadRedrive(gateway, out, {
          functionName: name,
          requestIds: ids ?? [],
          isAll: all === true,
        }),
      ),
    )

  dead
    .command('purge')
    .description('delete dead letters, for good')
    .argument('<function>', 'name of the function', functionName)
    .argument('[request-id...]', 'the events', requestIds)
    .option('--all', 'all of the function’s')
    .action((name: string, ids: string[] | undefined, { all }: { all?: boolean }) =>
      ask((gateway, out) =>
        deadPurge(gateway, out, { functionName: name, requestIds: ids ?? [], isAll: all === true }),
      ),
    )
}
