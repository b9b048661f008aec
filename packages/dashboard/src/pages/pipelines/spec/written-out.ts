import { type Document, isAlias, isCollection, isScalar, visit } from 'yaml'

/** Whether a document has values that are written once and meant at several places. */
export function hasAliases(document: Document): boolean {
  let has = false
  visit(document, {
    Alias: () => {
      has = true
      return visit.BREAK
    },
  })
  return has
}

/** Replaces every alias by what it means, so that a change at one place is one there only. */
export function writeOut(document: Document): void {
  visit(document, {
    Alias: (_key, alias) => {
      const copy = alias.resolve(document)?.clone()
      if (!isScalar(copy) && !isCollection(copy)) return undefined
      delete copy.anchor
      // What it is made of can have aliases again.
      return copy
    },
  })
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) delete node.anchor
    },
  })
}
