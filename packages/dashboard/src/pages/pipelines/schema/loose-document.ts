import { type Document, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { Path } from './walk.ts'

/** Reads as much as possible of a text that is being written. */
export function looseDocument(text: string): Document {
  return parseDocument(text, { version: '1.2', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
}

/** The value of a document. An alias without its anchor, or too many of them, leave nothing. */
export function readLoosely(document: Document): unknown {
  try {
    return document.toJS() as unknown
  } catch {
    return undefined
  }
}

/** The names and places from the top of a document to a node. @param above what stands around it, from the top down */
export function pathTo(above: readonly unknown[], node: unknown): Path {
  return above.flatMap((one, depth): Path => {
    if (isPair(one)) return isScalar(one.key) ? [String(one.key.value)] : []
    if (!isSeq(one)) return []
    return [one.items.indexOf(above[depth + 1] ?? node)]
  })
}
