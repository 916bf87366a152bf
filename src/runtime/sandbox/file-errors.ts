import { fromBundle } from './bundle-files.ts'
import { isError } from './primordials.ts'

type PresentError = (error: unknown, name?: string, path?: string) => unknown

/**
 * An error of a function of `node:fs`, in Node's words: workerd leaves the code out of most
 * messages.
 */
export const presentError: PresentError = (error) => {
  if (!isError(error) || !('code' in error)) return error
  if ('path' in error && typeof error.path === 'string') {
    const given = error.path
    const shown = fromBundle(given)
    error.message = error.message.replace(given, () => shown)
    error.path = shown
  }
  const prefix = `${String(error.code)}: `
  if (!error.message.startsWith(prefix)) error.message = prefix + error.message
  return error
}
