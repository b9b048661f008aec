import { routeSegments, segmentShape } from '@sallyport/core'

/** One route at the end of its pattern. */
export interface Entry<Value> {
  /** The deployment's id. */
  readonly owner: string
  readonly methods: readonly string[]
  readonly value: Value
}

export type Entries<Value> = readonly Entry<Value>[]

/** The way to a node by a segment of text with parameters in it, such as `{id}.json`. */
export interface PartsEdge<Value> {
  /** The shape of the segment, such as `{}.json`. */
  readonly shape: string
  /** The texts before, between and after the parameters. */
  readonly texts: readonly string[]
  readonly node: Node<Value>
}

/**
 * A node of a tree of patterns. Segments without a branch share a node, apart from those with text and parameters. So there
 * are at most two nodes for each pattern without such segments, of whatever length.
 */
export interface Node<Value> {
  /** The change that made this node, and so may still modify it. */
  readonly change: object
  /** What follows the first segment of this node's part of a pattern, such as `/b/:/c`; a parameter is `:`. */
  rest: string
  /** The fixed texts of `rest` before, between and after its parameters. */
  fixed: readonly string[]
  /** By the text of the next segment; null if there is none, as in most nodes. */
  statics: Map<string, Node<Value>> | null
  /** For a next segment of text and parameters, the preferred one first; null if there is none. */
  parts: readonly PartsEdge<Value>[] | null
  /** For a next segment that is a parameter. */
  parameter: Node<Value> | null
  /** The routes that match any rest, at least an empty one. */
  wildcard: Entries<Value>
  /** The routes that match this path itself, and any rest. */
  subtree: Entries<Value>
  /** The routes that end here. */
  ending: Entries<Value>
}

const WILDCARD = '/*'
const SUBTREE = '/**'

export function makeNode<Value>(change: object, rest: string): Node<Value> {
  return {
    change,
    rest,
    fixed: fixedTexts(rest),
    statics: null,
    parts: null,
    parameter: null,
    wildcard: [],
    subtree: [],
    ending: [],
  }
}

function fixedTexts(rest: string): readonly string[] {
  return rest.split(/(?<=\/):(?=\/|$)/)
}

function setRest(node: Node<unknown>, rest: string): void {
  node.rest = rest
  node.fixed = fixedTexts(rest)
}

/** The node itself if the change made it, or a copy that the change may modify. */
export function ownNode<Value>(node: Node<Value>, change: object): Node<Value> {
  return node.change === change
    ? node
    : { ...node, change, statics: node.statics === null ? null : new Map(node.statics) }
}

/** Changes the entries of one pattern below a node that the change owns. */
export function place<Value>(
  root: Node<Value>,
  pattern: string,
  change: object,
  edit: (entries: Entries<Value>) => Entries<Value>,
): void {
  const [kind, end] = pattern.endsWith(SUBTREE)
    ? (['subtree', SUBTREE] as const)
    : pattern.endsWith(WILDCARD)
      ? (['wildcard', WILDCARD] as const)
      : (['ending', ''] as const)
  // Parameters match the same, whatever their names.
  const text = pattern.slice(0, pattern.length - end.length)
  const segments = text === '' ? [] : routeSegments(text).map(segmentShape)
  placeBelow(root, segments, 0, change, (node) => {
    node[kind] = edit(node[kind])
  })
}

/** @param at the index of the segment that follows the node */
function placeBelow<Value>(
  node: Node<Value>,
  segments: readonly string[],
  at: number,
  change: object,
  edit: (node: Node<Value>) => void,
): void {
  const segment = segments[at]
  if (segment === undefined) {
    edit(node)
    return
  }
  const known = childOf(node, segment)
  let child: Node<Value>
  if (known === undefined) {
    const next = segments.findIndex((shape, index) => index > at && hasParts(shape))
    const end = next < 0 ? segments.length : next
    child = makeNode(change, textOf(segments.slice(at + 1, end)))
    placeBelow(child, segments, end, change, edit)
  } else {
    const label = segmentsOf(known.rest)
    const length = sharedLength(label, segments, at + 1)
    child = ownNode(known, change)
    if (length < label.length) child = split(child, label, length, change)
    placeBelow(child, segments, at + 1 + length, change, edit)
  }
  setChild(node, segment, tidied(child, change))
}

/** Whether a shape is that of text with parameters in it: other segments have no braces. */
function hasParts(shape: string): boolean {
  return shape.includes('{}')
}

function childOf<Value>(node: Node<Value>, shape: string): Node<Value> | undefined {
  if (shape === ':') return node.parameter ?? undefined
  return hasParts(shape) ? node.parts?.find((edge) => edge.shape === shape)?.node : node.statics?.get(shape)
}

/** How many segments of a node's rest a pattern has too, from a position on. */
function sharedLength(label: readonly string[], segments: readonly string[], from: number): number {
  const differs = label.findIndex((segment, index) => segments[from + index] !== segment)
  return differs < 0 ? label.length : differs
}

/** Puts a node with the first segments of the rest above a node. */
function split<Value>(
  node: Node<Value>,
  label: readonly string[],
  length: number,
  change: object,
): Node<Value> {
  const upper = makeNode<Value>(change, textOf(label.slice(0, length)))
  setRest(node, textOf(label.slice(length + 1)))
  setChild(upper, label[length] ?? '', node)
  return upper
}

/**
 * The node that belongs in the place of a changed one: null if no route needs it, or the one node below it, joined with
 * it, if only that one does.
 */
function tidied<Value>(node: Node<Value>, change: object): Node<Value> | null {
  if (node.ending.length > 0 || node.wildcard.length > 0 || node.subtree.length > 0) return node
  if (node.parts !== null) return node
  const statics = node.statics?.size ?? 0
  if (statics + (node.parameter === null ? 0 : 1) > 1) return node
  const [segment, below] = [...(node.statics ?? []), [':', node.parameter] as const][0] ?? []
  if (segment === undefined || below === undefined || below === null) return null
  const only = ownNode(below, change)
  setRest(only, `${node.rest}/${segment}${below.rest}`)
  return only
}

function setChild<Value>(node: Node<Value>, segment: string, child: Node<Value> | null): void {
  if (segment === ':') {
    node.parameter = child
  } else if (hasParts(segment)) {
    node.parts = partsWith(node.parts ?? [], segment, child)
  } else if (child !== null) {
    node.statics ??= new Map()
    node.statics.set(segment, child)
  } else {
    node.statics?.delete(segment)
    if (node.statics?.size === 0) node.statics = null
  }
}

function partsWith<Value>(
  edges: readonly PartsEdge<Value>[],
  shape: string,
  node: Node<Value> | null,
): readonly PartsEdge<Value>[] | null {
  const others = edges.filter((edge) => edge.shape !== shape)
  if (node === null) return others.length === 0 ? null : others
  return [...others, { shape, texts: shape.split('{}'), node }].toSorted(byPreference)
}

/** The edge with more fixed characters first, then the first one in the order of ASCII. */
function byPreference(one: PartsEdge<unknown>, other: PartsEdge<unknown>): number {
  const more = other.texts.join('').length - one.texts.join('').length
  if (more !== 0) return more
  return one.shape < other.shape ? -1 : 1
}

function textOf(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join('')
}

function segmentsOf(rest: string): string[] {
  return rest.split('/').slice(1)
}
