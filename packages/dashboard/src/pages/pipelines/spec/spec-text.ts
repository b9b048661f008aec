import { Document, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml'

/** Where something stands in a text: offsets in UTF-16 units. */
export interface Place {
  readonly from: number
  readonly to: number
}

/** Something wrong with a spec. */
export interface Problem extends Place {
  readonly message: string
}

export type ParsedSpec =
  | { readonly ok: true; readonly document: Document; readonly spec: unknown }
  /** Without a problem, it is YAML but no object. */
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** A line is as long as its value: folded texts are harder to compare. */
const STYLE = { lineWidth: 0, flowCollectionPadding: false } as const
/** The most items of a list that is written on one line. */
const INLINE_ITEMS_MAX = 8

/** Reads a spec in YAML. The server reads it by the same core schema of YAML 1.2. */
export function parseSpec(text: string): ParsedSpec {
  const document = parseDocument(text, { version: '1.2', prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(({ message, pos: [from, to] }) => ({ message, from, to })),
    }
  }
  if (!isMap(document.contents)) return { ok: false, problems: [] }
  try {
    return { ok: true, document, spec: document.toJS() as unknown }
  } catch (error) {
    // An alias without its anchor, or too many of them.
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [{ message, ...firstAlias(document) }] }
  }
}

function firstAlias(document: Document): Place {
  let place: Place = { from: 0, to: 0 }
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined
      place = rangeOf(alias) ?? place
      return visit.BREAK
    },
  })
  return place
}

/** Writes a spec as YAML: lists of words on one line, everything else on lines of its own. */
export function writeSpec(spec: unknown): string {
  const document = new Document(spec)
  visit(document, {
    Seq: (_, list) => {
      if (list.items.length <= INLINE_ITEMS_MAX && list.items.every(isScalar)) list.flow = true
    },
  })
  return document.toString(STYLE).trimEnd()
}

/** Sets one value of a document, and what is missing around it. Undefined removes it. */
export function setAt(document: Document, path: readonly (string | number)[], value: unknown): void {
  if (value === undefined) {
    if (document.hasIn(path)) document.deleteIn(path)
    return
  }
  for (const depth of path.keys()) {
    const above = path.slice(0, depth)
    // "authentication:" without a value is null, which nothing can be put into.
    if (depth > 0 && document.hasIn(above) && !isCollection(document.getIn(above, true)))
      document.deleteIn(above)
  }
  const old = document.getIn(path, true)
  if (isScalar(old) && (typeof value !== 'object' || value === null)) {
    old.value = value
    return
  }
  const node = document.createNode(value)
  if (isSeq(node) && node.items.every(isScalar)) node.flow = true
  document.setIn(path, node)
}

/** The text with a change of its document. Comments and the order of names stay. */
export function changed(text: string, change: (document: Document) => void): string {
  const parsed = parseSpec(text)
  if (!parsed.ok) return text
  change(parsed.document)
  const isSpaced = /[[{] /.test(text)
  const after = parsed.document.toString({ ...STYLE, flowCollectionPadding: isSpaced })
  return text.endsWith('\n') ? after : after.trimEnd()
}

/** The steps of a JSON Pointer (RFC 6901) into a document: numbers for places in lists. */
function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/**
 * Where a value stands in the text, together with its name; of one that is not there, where the nearest value around it begins.
 *
 * @param pointer a JSON Pointer (RFC 6901)
 */
export function placeOf(document: Document, pointer: string): Place {
  let node: unknown = document.contents
  let place: Place = { from: 0, to: 0 }
  for (const step of stepsOf(pointer)) {
    const next = childOf(node, step)
    if (next === undefined) break
    node = next.value
    place = next.place ?? place
  }
  return place
}

interface Child {
  readonly value: unknown
  readonly place: Place | undefined
}

function childOf(node: unknown, step: string): Child | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)]
    return value === undefined ? undefined : { value, place: rangeOf(value) }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
  if (pair === undefined) return undefined
  const name = rangeOf(pair.key)
  return {
    value: pair.value,
    place: name === undefined ? undefined : { from: name.from, to: rangeOf(pair.value)?.to ?? name.to },
  }
}

function rangeOf(node: unknown): Place | undefined {
  if (!isNode(node) || node.range == null) return undefined
  const [from, to] = node.range
  return { from, to }
}
