/** One route at the end of its pattern. */
interface Entry<Value> {
  /** The deployment's id. */
  readonly owner: string
  readonly methods: readonly string[]
  readonly value: Value
}

type Entries<Value> = readonly Entry<Value>[]

interface Node<Value> {
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
  /** The routes that end here. */
  ending: Entries<Value>
}

/** Adds and removes routes of a tree that is not yet in use. */
export interface RouteChange<Value> {
  add(pattern: string, owner: string, methods: readonly string[], value: Value): void
  remove(pattern: string, owner: string): void
}

/**
 * Route patterns by segment. Segments without a branch share a node, so there are at most two nodes for each pattern, of
 * whatever length. Immutable: a change copies the nodes on the way to the routes that it touches, each once, and shares
 * the others. So a deployment with 100 routes costs the same among 100 routes and among 100,000.
 */
export class RouteTree<Value> {
  readonly #root: Node<Value>

  private constructor(root: Node<Value>) {
    this.#root = root
  }

  static empty<Value>(): RouteTree<Value> {
    return new RouteTree(makeNode<Value>({}, ''))
  }

  /** The tree after a change. */
  changed(make: (change: RouteChange<Value>) => void): RouteTree<Value> {
    const change = {}
    const root = ownNode(this.#root, change)
    make({
      add: (pattern, owner, methods, value) => {
        place(root, pattern, change, (entries) => {
          // Sorted, so that every gateway prefers the same one of two routes that conflict. The gate refuses those.
          const added = [...entries, { owner, methods, value }]
          return added.sort((one, other) => (one.owner < other.owner ? -1 : 1))
        })
      },
      remove: (pattern, owner) => {
        place(root, pattern, change, (entries) => entries.filter((entry) => entry.owner !== owner))
      },
    })
    return new RouteTree(root)
  }

  /**
   * The route for a method and path, or null. Static text is preferred to a parameter, and a parameter to a wildcard, from
   * left to right. A route without the method is passed over. A parameter needs a non-empty segment.
   *
   * @param path starts with a slash, decoded
   */
  find(method: string, path: string): Value | null {
    const entries = match(this.#root, path, 1, method)
    if (entries === null) return null
    // A pipeline that serves HEAD itself is preferred to one that serves it as GET.
    const entry =
      entries.find(({ methods }) => methods.includes(method)) ?? entries.find((any) => serves(any, method))
    return entry === undefined ? null : entry.value
  }

  /** Every route of the pattern that `find` prefers, as far as it serves the method. */
  findAll(method: string, path: string): Value[] {
    const entries = match(this.#root, path, 1, method) ?? []
    return entries.filter((entry) => serves(entry, method)).map(({ value }) => value)
  }

  /** The methods of every route that matches a path, in alphabetical order. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>()
    eachMatch(this.#root, path, 1, (entries) => {
      for (const entry of entries) for (const method of entry.methods) methods.add(method)
    })
    if (methods.has('GET')) methods.add('HEAD')
    return [...methods].sort()
  }
}

const SLASH = 47
const WILDCARD = '/*'

function makeNode<Value>(change: object, rest: string): Node<Value> {
  return { change, rest, fixed: fixedTexts(rest), statics: null, parameter: null, wildcard: [], ending: [] }
}

function fixedTexts(rest: string): readonly string[] {
  return rest.split(/(?<=\/):(?=\/|$)/)
}

function setRest(node: Node<unknown>, rest: string): void {
  node.rest = rest
  node.fixed = fixedTexts(rest)
}

/** The node itself if the change made it, or a copy that the change may modify. */
function ownNode<Value>(node: Node<Value>, change: object): Node<Value> {
  return node.change === change
    ? node
    : { ...node, change, statics: node.statics === null ? null : new Map(node.statics) }
}

/** Changes the entries of one pattern below a node that the change owns. */
function place<Value>(
  root: Node<Value>,
  pattern: string,
  change: object,
  edit: (entries: Entries<Value>) => Entries<Value>,
): void {
  const isWildcard = pattern.endsWith(WILDCARD)
  const text = isWildcard ? pattern.slice(0, -WILDCARD.length) : pattern
  // Parameters match the same, whatever their names.
  const segments = text.split('/').map((segment) => (segment.startsWith(':') ? ':' : segment))
  placeBelow(root, segments, 1, change, (node) => {
    if (isWildcard) node.wildcard = edit(node.wildcard)
    else node.ending = edit(node.ending)
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
  if (node.ending.length > 0 || node.wildcard.length > 0) return node
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

/** @param start the index in `path` after the slash that ends at `node` */
function match<Value>(node: Node<Value>, path: string, start: number, method: string): Entries<Value> | null {
  const end = segmentEnd(path, start)
  const next = node.statics?.get(path.slice(start, end))
  return (
    (next === undefined ? null : matchRest(next, path, end, method)) ??
    (node.parameter === null || end === start ? null : matchRest(node.parameter, path, end, method)) ??
    serving(node.wildcard, method)
  )
}

/** @param index in `path`, after the first segment of the node's part of a pattern */
function matchRest<Value>(
  node: Node<Value>,
  path: string,
  index: number,
  method: string,
): Entries<Value> | null {
  const end = node.rest === '' ? index : restEnd(node.fixed, path, index)
  if (end < 0) return null
  return end === path.length ? serving(node.ending, method) : match(node, path, end + 1, method)
}

/** The index in `path` after the segments that match the rest of a node; -1 if they do not. */
function restEnd(fixed: readonly string[], path: string, start: number): number {
  let index = start
  let isFirst = true
  for (const text of fixed) {
    if (!isFirst) {
      const end = segmentEnd(path, index)
      if (end === index) return -1
      index = end
    }
    isFirst = false
    if (!path.startsWith(text, index)) return -1
    index += text.length
  }
  return index === path.length || path.charCodeAt(index) === SLASH ? index : -1
}

/** Calls back with the routes of each pattern that matches, whatever their methods. */
function eachMatch<Value>(
  node: Node<Value>,
  path: string,
  start: number,
  visit: (entries: Entries<Value>) => void,
): void {
  const segment = segmentEnd(path, start)
  for (const next of [
    node.statics?.get(path.slice(start, segment)),
    segment === start ? null : node.parameter,
  ]) {
    if (next === undefined || next === null) continue
    const end = restEnd(next.fixed, path, segment)
    if (end === path.length) visit(next.ending)
    else if (end >= 0) eachMatch(next, path, end + 1, visit)
  }
  visit(node.wildcard)
}

function segmentEnd(path: string, start: number): number {
  const slash = path.indexOf('/', start)
  return slash < 0 ? path.length : slash
}

/** The entries, if one of them serves the method. */
function serving<Value>(entries: Entries<Value>, method: string): Entries<Value> | null {
  for (const entry of entries) if (serves(entry, method)) return entries
  return null
}

/** GET implies HEAD (RFC 9110 section 9.3.2). */
function serves({ methods }: Entry<unknown>, method: string): boolean {
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}
