import { textOf } from '../answers.ts'
import { deleteProperty, keys, set } from '../primordials.ts'

/**
 * A `process.env` that is the function's alone: it makes strings of what is assigned to it, as the
 * real one does. That one is Deno's too, which heeds some variables (`process-command.ts`) and
 * refuses even to read those.
 */
export function ownEnvironment(real: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  for (const name of keys(real)) deleteProperty(real, name)
  return new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      set(variables, name, value: unknown) {
        const text = textOf(value)
        set(variables, name, text)
        // By the real one `Date` knows where it is.
        if (name === 'TZ') real.TZ = text
        return true
      },
    },
  )
}
