import { Parser, type Node } from 'acorn'

/** A node takes about 100 bytes. `typescript.js`, of 9 MB, never has more than 85,000 alive. */
const MAX_LIVE_NODES = 400_000
/** Acorn looks through a scope's names at each declaration; this is a second's work. */
const MAX_NAMES_SEARCHED = 500_000_000

interface Scope {
  lexical: string[]
  functions: string[]
  var: string[]
}

declare module 'acorn' {
  // Left out of acorn's own types, though its plugins are made by overriding them.
  interface Parser {
    scopeStack: Scope[]
    currentVarScope(): Scope
    declareName(...declaration: unknown[]): void
    parseFunctionBody(node: Node & { body?: unknown }, ...rest: unknown[]): void
    finishNode(node: Node, type: string): Node
    catchStackOverflow<T>(parse: () => T): T
  }
}

/** The script is more than can be checked here, and may well be correct. */
class TooLarge extends Error {}

/**
 * Acorn within the memory of an isolate: it forgets a function's body once it has seen it to be
 * correct. The whole tree of the 3.4 MB `aws-sdk.min.js` takes 95 MB, this one 2 MB.
 */
class FrugalParser extends Parser {
  #liveNodes = 0
  #namesSearched = 0

  override parseFunctionBody(node: Node & { body?: unknown }, ...rest: unknown[]): void {
    const liveBefore = this.#liveNodes
    super.parseFunctionBody(node, ...rest)
    delete node.body
    this.#liveNodes = liveBefore
  }

  override finishNode(node: Node, type: string): Node {
    if (++this.#liveNodes > MAX_LIVE_NODES) throw new TooLarge()
    return super.finishNode(node, type)
  }

  override declareName(...declaration: unknown[]): void {
    const outermost = this.scopeStack.lastIndexOf(this.currentVarScope())
    for (const scope of this.scopeStack.slice(outermost)) {
      this.#namesSearched += scope.lexical.length + scope.functions.length + scope.var.length
    }
    if (this.#namesSearched > MAX_NAMES_SEARCHED) throw new TooLarge()
    super.declareName(...declaration)
  }

  // V8 takes far longer expressions than acorn's recursion does, so its overflow proves nothing.
  override catchStackOverflow<T>(parseMore: () => T): T {
    return parseMore()
  }
}

/**
 * The line, counted from 1, at which `source` does not parse, by itself or else as `module`, the
 * function expression that it is wrapped into. A script that is too large or too deep has none.
 */
export function errorLine(source: string, module: string): number | undefined {
  try {
    // Only `let module` and the like need the wrapper, which adds no line before theirs.
    return errorLineOf(source) ?? errorLineOf(module)
  } catch (error) {
    if (error instanceof TooLarge || error instanceof RangeError) return undefined
    throw error
  }
}

function errorLineOf(text: string): number | undefined {
  try {
    FrugalParser.parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowReturnOutsideFunction: true,
      allowHashBang: true,
    })
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const place = /\((\d+):\d+\)$/.exec(error.message)
    if (place === null) throw error
    return Number(place[1])
  }
}
