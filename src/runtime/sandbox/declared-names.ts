import type { AnyNode, Pattern } from 'acorn'
import { children, isNode } from './syntax-tree.ts'

/** All names that are declared in a tree, or only those that a declaration itself makes. */
export function collectDeclared(node: AnyNode, names: Set<string>, isShallow = false): void {
  if (node.type === 'VariableDeclarator') collectPattern(node.id, names)
  if ('id' in node && isNode(node.id) && node.id.type === 'Identifier') names.add(node.id.name)
  if ('params' in node && !isShallow) for (const one of node.params) collectPattern(one, names)
  if (node.type === 'CatchClause' && isNode(node.param)) collectPattern(node.param, names)
  if (isShallow && node.type !== 'VariableDeclaration') return
  for (const [, child] of children(node)) collectDeclared(child, names, isShallow)
}

function collectPattern(pattern: Pattern, names: Set<string>): void {
  switch (pattern.type) {
    case 'Identifier':
      names.add(pattern.name)
      break
    case 'ObjectPattern':
      for (const one of pattern.properties) {
        collectPattern(one.type === 'RestElement' ? one.argument : one.value, names)
      }
      break
    case 'ArrayPattern':
      for (const one of pattern.elements) if (one !== null) collectPattern(one, names)
      break
    case 'AssignmentPattern':
      collectPattern(pattern.left, names)
      break
    case 'RestElement':
      collectPattern(pattern.argument, names)
      break
  }
}
