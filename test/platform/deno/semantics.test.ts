import { functionSemantics } from '../../runtime/semantics.ts'
import { startProcessHost } from '../../support/process-host.ts'

// Functions in processes of their own, by Deno.

functionSemantics(
  () => startProcessHost({ INVOKE_RETRY_DELAYS: '0.01,0.01' }),
  (message) =>
    message
      .replace(/ext:deno_node\/_(\w+)\.mjs:\d+:\d+/g, 'node-internal:$1:LINE')
      // Their timers call back as methods.
      .replace(/Timeout\.<anonymous> \((.*?)\)/, '$1')
      .replace(/Max Memory Used: \d+ MB/, 'Max Memory Used: 0 MB'),
)
