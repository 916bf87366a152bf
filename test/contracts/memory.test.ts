import { memoryCodeStore } from '../../src/platform/memory/memory-code-store.ts'
import { memoryEventSourceIndex } from '../../src/platform/memory/memory-event-source-index.ts'
import { memoryFunctionStore } from '../../src/platform/memory/memory-function-store.ts'
import { memoryPlatform } from '../../src/platform/memory/memory-ports.ts'
import { NO_OUTPUT, callLines } from '../../src/runtime/call-log.ts'
import { scriptedRunner } from '../support/scripted-runner.ts'
import { testedCodeStore } from '../support/tested-code-store.ts'
import { codeStoreContract } from './code-store.ts'
import { eventSourceIndexContract, functionCapacityContract } from './event-sources.ts'
import { functionActorContract } from './function-actor.ts'
import { functionStoreContract } from './function-store.ts'
import { identitiesContract } from './identities.ts'
import { logGroupsContract } from './log-groups.ts'
import { streamReaderContract } from './stream-reader.ts'

const now = () => Date.now()

const functions = memoryFunctionStore({ now })
functionStoreContract('memory', () => functions)

const code = memoryCodeStore(now)
codeStoreContract('memory', () => testedCodeStore(() => code))

const platform = memoryPlatform({
  now,
  runner: scriptedRunner().runner,
  variables: { FUNCTION_CONCURRENCY: '1' },
})
functionActorContract('memory', () => platform.ports)
streamReaderContract('memory', () => platform.ports)
identitiesContract('memory', () => platform.ports)
logGroupsContract('memory', () => ({
  ...platform.ports,
  calls: {
    write(logGroupName, report, output = NO_OUTPUT) {
      const entries = callLines(report, output)
      platform.appendLog(logGroupName, [{ logStreamName: report.logStreamName, entries }])
      return Promise.resolve()
    },
  },
}))

const eventSources = memoryEventSourceIndex()
eventSourceIndexContract('memory', () => eventSources)
functionCapacityContract('memory', () => ({ ...platform.ports, capacity: platform.capacity }))
