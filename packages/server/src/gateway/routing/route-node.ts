/** One route at the end of its pattern. */
export interface Entry<Value> {
  /** The deployment's id. */
  readonly owner: string
  readonly methods: readonly string[]
  readonly value: Value
}

export type Entries<Value> = readonly Entry<Value>[]

/**
 * A node of a tree of patterns. Segments without a branch share a node, so there are at most two nodes for each pattern,
 * of whatever length.
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
  const text = pattern.slice(0, pattern.length - end.length)
  // Parameters match the same, whatever their names.
  const segments = text.split('/').map((segment) => (segment.startsWith(':') ? ':' : segment))
  placeBelow(root, segments, 1, change, (node) => {
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
  const known = segment === ':' ? node.parameter : node.statics?.get(segment)
  let child: Node<Value>
  if (known === undefined || known === null) {
    child = makeNode(change, textOf(segments.slice(at + 1)))
    edit(child)
  } else {
    const label = segmentsOf(known.rest)
    const length = sharedLength(label, segments, at + 1)
    child = ownNode(known, change)
    if (length < label.length) child = split(child, label, length, change)
    placeBelow(child, segments, at + 1 + length, change, edit)
  }
  setChild(node, segment, tidied(child, change))
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
  } else if (child !== null) {
    node.statics ??= new Map()
    node.statics.set(segment, child)
  } else {
    node.statics?.delete(segment)
    if (node.statics?.size === 0) node.statics = null
  }
}

function textOf(segments: readonly string[]): string {
  return segments.map((segment) => `/${segment}`).join('')
}

function segmentsOf(rest: string): string[] {
  return rest.split('/').slice(1)
}
