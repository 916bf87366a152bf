import { parseSettings, type Settings } from '../../aws/settings.ts'
import type { Bindings } from './bindings.ts'

const parsed = new WeakMap<Bindings, Settings>()

/** The gateway's settings, read once for each `env`: an isolate has few, and they never change. */
export function settingsOf(env: Bindings): Settings {
  const known = parsed.get(env)
  if (known !== undefined) return known
  const settings = parseSettings(env)
  parsed.set(env, settings)
  return settings
}
