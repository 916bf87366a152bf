import { moduleScript } from './module-script.ts'
import { MODULE_PREFIX, SCRIPT_SUFFIX, type BrokenModule } from './protocol.ts'

export type RewrittenModule =
  { kind: 'script'; script: string } | ({ kind: 'broken' } & BrokenModule)

/** An ES module as the text of a CommonJS module that exports a function, or why it does not parse. */
export function rewrittenModule(source: string): RewrittenModule {
  try {
    return { kind: 'script', script: MODULE_PREFIX + moduleScript(source) + SCRIPT_SUFFIX }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const [, message = error.message, line] = /^(.*) \((\d+):\d+\)$/s.exec(error.message) ?? []
    return { kind: 'broken', message, ...(line === undefined ? {} : { line: Number(line) }) }
  }
}
