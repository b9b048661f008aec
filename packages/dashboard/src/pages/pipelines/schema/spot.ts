import { isMap, isScalar, isSeq, type Scalar, visit, type YAMLMap } from 'yaml'
import { looseDocument, pathTo, readLoosely } from './loose-document.ts'
import type { Path } from './walk.ts'

/** What is written at the cursor. */
export interface Spot {
  /** The word at the cursor: offsets in the text. */
  readonly from: number
  readonly to: number
  /** The place of the object whose name is written, or of the value. */
  readonly path: Path
  readonly isName: boolean
  /** The names that the object has, or the entries of the list, besides the one at the cursor. */
  readonly others: readonly string[]
  /** The whole spec, as far as it can be read. */
  readonly spec: unknown
  /** Whether a name gets a colon, and can have lines of its own below. */
  readonly isLine: boolean
  readonly hasColon: boolean
  /** How far the word is from the start of its line. */
  readonly column: number
}

/** Stands in for the word at the cursor, so that the text around it can be read. No spec has it: it is for private use. */
const MARK = '\uE000'
const WORD_BEFORE = /(?:[A-Za-z_][\w.-]*)?$/
const WORD_AFTER = /^[\w.-]*/
/** What a line has before a name, or an entry of a list. */
const LINE_START = /^[ ]*(?:- +)*$/

/** What is written at a place of a text; undefined within a comment, a text of several lines, and the like. */
export function spotAt(text: string, at: number): Spot | undefined {
  const from = at - (WORD_BEFORE.exec(text.slice(0, at))?.[0].length ?? 0)
  const to = at + (WORD_AFTER.exec(text.slice(at))?.[0].length ?? 0)
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1
  const isLine = LINE_START.test(text.slice(lineFrom, from))
  const hasColon = /^ *:(?:\s|$)/.test(text.slice(to))
  const mark = isLine && !hasColon ? `${MARK}:` : MARK
  const document = looseDocument(text.slice(0, from) + mark + text.slice(to))
  const found = { at: undefined as Found | undefined }
  visit(document, {
    Scalar: (key, node, above) => {
      if (node.value !== MARK) return undefined
      found.at = foundAt(key, node, above)
      return visit.BREAK
    },
  })
  if (found.at === undefined) return undefined
  return { ...found.at, from, to, spec: readLoosely(document), isLine, hasColon, column: from - lineFrom }
}

type Found = Pick<Spot, 'path' | 'isName' | 'others'>

function foundAt(key: unknown, node: Scalar, above: readonly unknown[]): Found {
  const isName = key === 'key'
  // The pair of a name belongs to the object in which it stands, not to the way there.
  const path = pathTo(isName ? above.slice(0, -1) : above, node)
  const [list, object] = above.slice(-3, -1)
  // With its colon, an entry of a list of words is read as an object of one name.
  const isEntry = isName && isSeq(list) && isMap(object) && object.items.length === 1
  return { path, isName, others: othersIn(isEntry ? list : above.at(isName ? -2 : -1)) }
}

function othersIn(around: unknown): readonly string[] {
  if (isMap(around)) return namesOf(around)
  if (!isSeq(around)) return []
  return around.items.flatMap((item) => (isScalar(item) && item.value !== MARK ? [String(item.value)] : []))
}

function namesOf({ items }: YAMLMap): readonly string[] {
  return items.flatMap(({ key }) => (isScalar(key) && key.value !== MARK ? [String(key.value)] : []))
}
