import {
  Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { specEditor } from '../../../texts/spec-editor.ts'
import { isMembers } from '../schema/walk.ts'
import { strictFaults } from './strict-yaml.ts'
import { hasAliases, writeOut } from './written-out.ts'

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

/**
 * The most characters and lines of a text that is read at each key: beyond them, that takes a second or more. 500 routes
 * without schemas have about 3000 lines; an imported document with schemas can have many more.
 */
const SHORT_CHARS_MAX = 512 * 1024
const SHORT_LINES_MAX = 4_000
/** The most characters that are read at all. The server takes 256 KiB of JSON, of which indented YAML makes a multiple. */
const CHARS_MAX = 2 * 1024 * 1024
/** So many problems are told at a time. */
const PROBLEMS_MAX = 50
const READ_BY = {
  version: '1.2',
  schema: 'core',
  merge: false,
  stringKeys: true,
  resolveKnownTags: false,
  // `strictFaults` looks for them: the library compares every name with every other.
  uniqueKeys: false,
  prettyErrors: false,
} as const

/** Whether a text is so long that reading it at each key would hold up the page. */
export function isLong(text: string): boolean {
  return text.length > SHORT_CHARS_MAX || text.split('\n', SHORT_LINES_MAX + 1).length > SHORT_LINES_MAX
}

/** Reads a spec in YAML. The server reads it by the same core schema of YAML 1.2, and takes only what JSON has. */
export function parseSpec(text: string): ParsedSpec {
  if (text.length > CHARS_MAX) return refused([{ message: specEditor.yaml.tooLong, from: 0, to: 0 }])
  const document = parseDocument(text, READ_BY)
  if (document.errors.length > 0) return refused(document.errors.map(problemOf))
  if (!isMap(document.contents)) return { ok: false, problems: [] }
  const faults = strictFaults(document)
  if (faults.length > 0) return refused(faults)
  try {
    return { ok: true, document, spec: document.toJS() as unknown }
  } catch {
    const alias = unresolved(document)
    const { unknownAlias, manyAliases } = specEditor.yaml
    return refused([
      alias === undefined
        ? { message: manyAliases, from: 0, to: 0 }
        : { message: unknownAlias(alias.name), ...alias.place },
    ])
  }
}

function refused(problems: readonly Problem[]): ParsedSpec {
  return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) }
}

function problemOf({ code, message, pos: [from, to] }: YAMLError): Problem {
  const { codes, tooDeep } = specEditor.yaml
  // The reader calls itself for each level, and reports the end of its stack as a fault of the text.
  const own =
    code === 'RESOURCE_EXHAUSTION' || message.startsWith('Maximum call stack') ? tooDeep : codes[code]
  return { message: own ?? message, from, to }
}

function unresolved(document: Document): { readonly name: string; readonly place: Place } | undefined {
  let found: { readonly name: string; readonly place: Place } | undefined
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined
      found = { name: alias.source, place: rangeOf(alias) ?? { from: 0, to: 0 } }
      return visit.BREAK
    },
  })
  return found
}

/** Writes a spec as YAML: lists of words on one line, everything else on lines of its own. */
export function writeSpec(spec: unknown): string {
  const document = new Document(spec)
  writeInline(document)
  return document.toString(STYLE).trimEnd()
}

function writeInline(node: Node | Document): void {
  visit(node, {
    Seq: (_, list) => {
      if (list.items.length <= INLINE_ITEMS_MAX && list.items.every(isScalar)) list.flow = true
    },
  })
}

/**
 * Sets one value of a document, and what is missing around it. Undefined removes it. Of an object or a list of the same
 * length only what differs is set, so that comments inside stay.
 */
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
  if (isMap(old) && old.items.length > 0 && isMembers(value) && Object.keys(value).length > 0) {
    const names = old.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
    for (const name of names) if (!Object.hasOwn(value, name)) document.deleteIn([...path, name])
    for (const [name, member] of Object.entries(value)) setAt(document, [...path, name], member)
    return
  }
  if (isSeq(old) && Array.isArray(value) && value.length > 0 && old.items.length === value.length) {
    for (const [index, item] of value.entries()) setAt(document, [...path, index], item)
    return
  }
  const node = document.createNode(value)
  writeInline(node)
  const around = document.getIn(path.slice(0, -1), true)
  // What is put into "{}" or "[]" has lines of its own.
  if (isCollection(around) && around.items.length === 0) around.flow = false
  document.setIn(path, node)
}

/** The text with a change of its document. Comments and the order of names stay. */
export function changed(text: string, change: (document: Document) => void): string {
  const parsed = parseSpec(text)
  if (!parsed.ok) return text
  const { document } = parsed
  if (hasAliases(document)) {
    // A change of what several places mean, or of the place that says it, would change or lose the others.
    writeOut(document)
  }
  change(document)
  const isSpaced = /[[{] /.test(text)
  const after = document.toString({ ...STYLE, flowCollectionPadding: isSpaced })
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
