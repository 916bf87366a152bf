import { Parser, getLineInfo, type AnyNode, type Identifier, type Program } from 'acorn'
import { collectDeclared } from './declared-names.ts'
import { children, isNode } from './syntax-tree.ts'

/** Text that takes the place of what stands from `start` to `end`. */
interface Edit {
  start: number
  end: number
  text: string
}

/** A name that the sandbox passes to every module, to be reached by nothing else. */
const API = '__module'
const KEYWORD = 'import'

/**
 * An ES module as the body of a function of `__module`, in which it runs like any script: when it
 * is first asked for, inside a call, and again in a fresh process. workerd's own modules run once
 * an isolate and in global scope, where timers, randomness and requests are refused. Lines stay
 * where they are. Throws SyntaxError, with acorn's `loc`.
 */
export function moduleScript(source: string): string {
  const program = Parser.parse(source, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
  })
  return new ModuleRewriter(source).rewrite(program)
}

class ModuleRewriter {
  readonly #source: string
  readonly #edits: Edit[] = []
  /** Module requests in order, each once. */
  readonly #requests: string[] = []
  /** Local name of an import → the expression that reads it now. */
  readonly #imports = new Map<string, string>()
  /** Exported name → the expression that reads it now. */
  readonly #exports: [name: string, expression: string][] = []
  readonly #stars: string[] = []
  #functionDepth = 0

  constructor(source: string) {
    this.#source = source
  }

  rewrite(program: Program): string {
    for (const node of program.body) if (node.type === 'ImportDeclaration') this.#import(node)
    for (const node of program.body) this.#export(node)
    const shadowed = new Set<string>()
    collectDeclared(program, shadowed)
    // Declared once more somewhere: that place cannot be told from others without all the scopes.
    const copied = [...this.#imports].filter(([name]) => shadowed.has(name))
    for (const [name] of copied) this.#imports.delete(name)
    this.#references(program, undefined)
    return this.#head(copied) + this.#edited()
  }

  #head(copied: [string, string][]): string {
    const getters = this.#exports.map(([name, read]) => `${JSON.stringify(name)}:()=>${read}`)
    const requests = this.#requests.map(
      (request, index) => `const ${API}${index}=${API}.import(${JSON.stringify(request)});`,
    )
    const stars = this.#stars.map((variable) => `${API}.star(${variable});`)
    const copies = copied.map(([name, read]) => `const ${name}=${read};`)
    return `"use strict";${API}.export({${getters.join(',')}});${[...requests, ...stars, ...copies].join('')}`
  }

  #variableOf(request: unknown): string {
    const text = String(request)
    const known = this.#requests.indexOf(text)
    return `${API}${known === -1 ? this.#requests.push(text) - 1 : known}`
  }

  #import(node: Extract<AnyNode, { type: 'ImportDeclaration' }>): void {
    const variable = this.#variableOf(node.source.value)
    for (const specifier of node.specifiers) {
      const { name } = specifier.local
      if (specifier.type === 'ImportNamespaceSpecifier') this.#imports.set(name, variable)
      else if (specifier.type === 'ImportDefaultSpecifier') {
        this.#imports.set(name, `${variable}.default`)
      } else this.#imports.set(name, member(variable, exportName(specifier.imported)))
    }
    this.#replace(node.start, node.end, '')
  }

  #export(node: AnyNode): void {
    if (node.type === 'ExportAllDeclaration') {
      const variable = this.#variableOf(node.source.value)
      if (node.exported === null || node.exported === undefined) this.#stars.push(variable)
      else this.#exports.push([exportName(node.exported), variable])
      this.#replace(node.start, node.end, '')
    } else if (node.type === 'ExportDefaultDeclaration') {
      const { declaration } = node
      const isNamed = 'id' in declaration && declaration.id !== null
      const isDeclaration = /^(Function|Class)Declaration$/.test(declaration.type)
      if (isDeclaration && isNamed && declaration.id !== undefined) {
        this.#exports.push(['default', (declaration.id as Identifier).name])
        this.#replace(node.start, declaration.start, '')
      } else {
        this.#exports.push(['default', `${API}Default`])
        this.#replace(node.start, declaration.start, `const ${API}Default=`)
        if (isDeclaration) this.#replace(declaration.end, declaration.end, ';')
      }
    } else if (node.type === 'ExportNamedDeclaration') this.#exportNamed(node)
  }

  #exportNamed(node: Extract<AnyNode, { type: 'ExportNamedDeclaration' }>): void {
    const { declaration, source, specifiers } = node
    if (declaration !== null && declaration !== undefined) {
      const names = new Set<string>()
      collectDeclared(declaration, names, true)
      for (const name of names) this.#exports.push([name, name])
      this.#replace(node.start, declaration.start, '')
      return
    }
    const from =
      source === null || source === undefined ? undefined : this.#variableOf(source.value)
    for (const specifier of specifiers) {
      const local = exportName(specifier.local)
      const read = from === undefined ? (this.#imports.get(local) ?? local) : member(from, local)
      this.#exports.push([exportName(specifier.exported), read])
    }
    this.#replace(node.start, node.end, '')
  }

  #references(node: AnyNode, parent: AnyNode | undefined): void {
    if (/^(Import|Export(All|Default|Named))Declaration$/.test(node.type)) {
      if (!('declaration' in node) || !isNode(node.declaration)) return
      this.#references(node.declaration, node)
      return
    }
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) {
      this.#refuseOutsideFunctions(node)
    }
    if (node.type === 'ExpressionStatement' && parent !== undefined && isList(parent)) {
      // Should it begin with a parenthesis now, it must not continue the line before.
      this.#replace(node.start, node.start, ';')
    }
    if (node.type === 'Identifier') this.#reference(node, parent)
    else if (node.type === 'MetaProperty' && node.meta.name === 'import') {
      this.#replace(node.start, node.end, `${API}.meta`)
      return
    } else if (node.type === 'ImportExpression') {
      this.#replace(node.start, node.start + KEYWORD.length, `${API}.dynamic`)
    } else if (node.type === 'Property' && node.shorthand && node.value.type === 'Identifier') {
      const read = this.#imports.get(node.value.name)
      if (read !== undefined) this.#replace(node.start, node.end, `${node.value.name}:${read}`)
      return
    }
    for (const [key, child] of children(node)) {
      const isName = /^(key|property)$/.test(key) && 'computed' in node && !node.computed
      if (isName || key === 'label') continue
      const isFunction = /Function/.test(node.type)
      if (isFunction) this.#functionDepth++
      this.#references(child, node)
      if (isFunction) this.#functionDepth--
    }
  }

  #refuseOutsideFunctions(node: AnyNode): void {
    if (this.#functionDepth > 0) return
    const { line, column } = getLineInfo(this.#source, node.start)
    throw new SyntaxError(`await does not work at a module's top level here (${line}:${column})`)
  }

  #reference(node: Identifier, parent: AnyNode | undefined): void {
    const read = this.#imports.get(node.name)
    if (read === undefined) return
    const isCalled = parent?.type === 'CallExpression' && parent.callee === node
    this.#replace(node.start, node.end, isCalled ? `(0,${read})` : read)
  }

  #replace(start: number, end: number, text: string): void {
    // Lines that go leave their ends behind.
    const ends = this.#source.slice(start, end).replace(/[^\n]/g, '')
    this.#edits.push({ start, end, text: text + ends })
  }

  #edited(): string {
    let text = ''
    let at = 0
    for (const edit of this.#edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
      text += this.#source.slice(at, edit.start) + edit.text
      at = edit.end
    }
    return (text + this.#source.slice(at)).replace(/^#!/, '//')
  }
}

function isList({ type }: AnyNode): boolean {
  return /^(Program|BlockStatement|SwitchCase|StaticBlock)$/.test(type)
}

function exportName(node: Identifier | { type: 'Literal'; value?: unknown }): string {
  return node.type === 'Identifier' ? node.name : String(node.value)
}

function member(variable: string, name: string): string {
  return `${variable}[${JSON.stringify(name)}]`
}
