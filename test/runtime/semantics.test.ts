import { test } from 'vitest'
import { uploadFiles } from '../support/runtime-host.ts'
import { workerdPorts, type WorkerdPorts } from '../support/workerd-ports.ts'
import { functionSemantics } from './semantics.ts'

// Functions in isolates of a real workerd.

let ports: WorkerdPorts

async function start() {
  ports = await workerdPorts({ INVOKE_RETRY_DELAYS: '0.01,0.01' })
  return hostOf(ports)
}

function hostOf(given: WorkerdPorts) {
  return {
    ...given,
    putCode: (codeKey: string, bytes: Uint8Array<ArrayBuffer>) =>
      given.code.put(codeKey, { bytes, breaks: false }, bytes.byteLength),
  }
}

functionSemantics(start, (message) => message.replace(/(node-internal:\w+):\d+:\d+/g, '$1:LINE'))

test('a function’s isolate has no bindings, a watched way out, and its Timeout as CPU limit', async ({
  expect,
}) => {
  const record = await uploadFiles(hostOf(ports), 'limits', { 'index.js': '' }, { Timeout: 7 })
  expect(await ports.loader.definition(record)).toEqual({
    limits: { cpuMs: 7000 },
    env: {},
    hasOutbound: true,
    tails: 1,
  })
})
