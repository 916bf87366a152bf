import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { until, type LocalGateway } from '../support/local-gateway.ts'
import { randomFrom } from '../support/random.ts'
import { createStream, kinesisAt, look, streamClient } from '../support/stream-client.ts'
import { startWitness } from '../support/witness.ts'
import type { Edition } from './edition.ts'
import { faultsOfEvents, type EventAccount } from './faults-of-events.ts'
import { faultsOfFunctions } from './faults-of-functions.ts'
import { mixedLoad, STREAM } from './mixed-load.ts'
import { objectsUnaccounted } from './objects-unaccounted.ts'
import { promises } from './promises.ts'

const FEED = 'feed'
const BATCH_SIZE = 10
const LONGEST_LIFE_MILLISECONDS = 3000
/** What is asked of a gateway that is gone comes to its end by then. */
const CLIENTS_MILLISECONDS = 10_000
/** A lease is Timeout and half a minute; then come the retries, and every function waits its turn. */
const REST_MILLISECONDS = 240_000

interface Options {
  edition: Edition
  seed: number
  kills: number
  report?: (line: string) => void
}

export interface KillAccount extends EventAccount {
  kills: number
  records: number
  /** Records that the function was given more than once. */
  repeated: number
}

/** Kills a gateway at random moments of a mixed load. Throws when a promise was broken. */
export async function liveThroughKills(options: Options): Promise<KillAccount> {
  const { edition, seed, kills, report = () => undefined } = options
  const random = randomFrom(seed)
  const promised = promises()
  const killedAt: number[] = []
  const faults: string[] = []
  const witness = await startWitness()
  const persistTo = await mkdtemp(join(tmpdir(), 'kills-'))
  const start = () =>
    edition.start({
      persistTo,
      variables: {
        INVOKE_RETRY_DELAYS: '1,1',
        FUNCTION_OUTBOUND: `public,127.0.0.1:${witness.port}`,
      },
    })
  const load = mixedLoad(random, promised, witness.port)
  let gateway: LocalGateway | undefined

  async function oneLife(running: LocalGateway): Promise<void> {
    const milliseconds = 300 + random.below(LONGEST_LIFE_MILLISECONDS)
    let isOver = false
    const clients = load.run(running, () => isOver)
    await wait(milliseconds)
    await running.stop('SIGKILL')
    killedAt.push(performance.now())
    isOver = true
    // Of a connection that was cut off a client may hear nothing at all (seen once).
    await Promise.race([clients, wait(CLIENTS_MILLISECONDS, undefined, { ref: false })])
    report(
      `killed after ${milliseconds} ms: ${promised.events.size} events and ${promised.records.size} records accepted so far`,
    )
  }

  try {
    gateway = await start()
    await createStream(kinesisAt(gateway.url), STREAM, 2)
    const stream = streamClient(gateway.url, witness)
    await stream.upload(FEED)
    await stream.add(FEED, STREAM, { BatchSize: BATCH_SIZE })
    await load.begin(gateway)
    for (let kill = 0; kill < kills; kill += 1) {
      await oneLife(gateway)
      gateway = await start()
      const found = await faultsOfFunctions(gateway, promised, witness)
      faults.push(...found.map((fault) => `after kill ${kill + 1}: ${fault}`))
    }
    const seen = () => look(stream.batchesOf(FEED), BATCH_SIZE)
    await until(() => promised.records.isSubsetOf(seen().texts), REST_MILLISECONDS).catch(() =>
      faults.push(`${promised.records.difference(seen().texts).size} records never came`),
    )
    const events = await faultsOfEvents(
      { gateway, promised, witness, killedAt, edition },
      REST_MILLISECONDS,
    )
    faults.push(...seen().faults, ...events.faults)
    await gateway.stop()
    gateway = undefined
    const orphans = objectsUnaccounted(edition.storedIn(persistTo))
    faults.push(...orphans.map((key) => `${key} is an orphan for ever`))
    if (faults.length > 0) {
      const told = faults.slice(0, 20).join('\n  ')
      throw new Error(`Seed ${seed}: ${faults.length} promises broken:\n  ${told}`)
    }
    const { records, texts } = seen()
    return {
      kills,
      records: promised.records.size,
      repeated: records - texts.size,
      ...events.account,
    }
  } finally {
    await gateway?.stop('SIGKILL')
    await witness.stop()
    await rm(persistTo, { recursive: true, force: true })
  }
}
