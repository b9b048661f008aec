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
  /** By the text of the next segment. */
  statics: Map<string, Node<Value>>
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
 * Route patterns by segment. Immutable: a change copies the nodes on the way to the routes that it touches, each once, and
 * shares the others. So a deployment with 100 routes costs the same among 100 routes and among 100,000.
 */
export class RouteTree<Value> {
  readonly #root: Node<Value>

  private constructor(root: Node<Value>) {
    this.#root = root
  }

  static empty<Value>(): RouteTree<Value> {
    return new RouteTree(emptyNode<Value>({}))
  }

  /** The tree after a change. */
  changed(make: (change: RouteChange<Value>) => void): RouteTree<Value> {
    const change = {}
    const root = ownNode(this.#root, change)
    make({
      add: (pattern, owner, methods, value) => {
        place(root, segmentsOf(pattern), change, (entries) => {
          // Sorted, so that every gateway prefers the same one of two routes that conflict. The gate refuses those.
          const added = [...entries, { owner, methods, value }]
          return added.sort((one, other) => (one.owner < other.owner ? -1 : 1))
        })
      },
      remove: (pattern, owner) => {
        place(root, segmentsOf(pattern), change, (entries) =>
          entries.filter((entry) => entry.owner !== owner),
        )
      },
    })
    return new RouteTree(root)
  }

  /**
   * The route for a method and path, or null. Static text is preferred to a parameter, and a parameter to a wildcard, from
   * left to right. A route without the method is passed over. A parameter needs a non-empty segment.
   *
   * @param path percent-encoded; an encoded slash does not end a segment
   */
  find(method: string, path: string): Value | null {
    if (path.charCodeAt(0) !== SLASH) return null
    const decoded = path.includes('%') ? decodedPath(path) : path
    return decoded === null ? null : match(this.#root, decoded, 1, method)
  }
}

const SLASH = 47

function emptyNode<Value>(change: object): Node<Value> {
  return { change, statics: new Map(), parameter: null, wildcard: [], ending: [] }
}

/** The node itself if the change made it, or a copy that the change may modify. */
function ownNode<Value>(node: Node<Value>, change: object): Node<Value> {
  return node.change === change ? node : { ...node, change, statics: new Map(node.statics) }
}

function segmentsOf(pattern: string): string[] {
  return pattern.slice(1).split('/')
}

/** Changes the entries of one pattern below a node that the change owns, and drops nodes that become empty. */
function place<Value>(
  node: Node<Value>,
  segments: readonly string[],
  change: object,
  edit: (entries: Entries<Value>) => Entries<Value>,
  depth = 0,
): void {
  const segment = segments[depth]
  if (segment === undefined) {
    node.ending = edit(node.ending)
  } else if (segment === '*' && depth === segments.length - 1) {
    node.wildcard = edit(node.wildcard)
  } else {
    const isParameter = segment.startsWith(':')
    const known = isParameter ? node.parameter : node.statics.get(segment)
    const child = known == null ? emptyNode<Value>(change) : ownNode(known, change)
    place(child, segments, change, edit, depth + 1)
    const isEmpty =
      child.ending.length + child.wildcard.length + child.statics.size === 0 && child.parameter === null
    if (isParameter) node.parameter = isEmpty ? null : child
    else if (isEmpty) node.statics.delete(segment)
    else node.statics.set(segment, child)
  }
}

/** @param start the index in `path` after the slash that ends at `node` */
function match<Value>(node: Node<Value>, path: string, start: number, method: string): Value | null {
  const slash = path.indexOf('/', start)
  const isLast = slash < 0
  const segment = isLast ? path.slice(start) : path.slice(start, slash)
  const next = node.statics.get(segment)
  if (next !== undefined) {
    const found = isLast ? pick(next.ending, method) : match(next, path, slash + 1, method)
    if (found !== null) return found
  }
  const { parameter } = node
  if (parameter !== null && segment !== '') {
    const found = isLast ? pick(parameter.ending, method) : match(parameter, path, slash + 1, method)
    if (found !== null) return found
  }
  return pick(node.wildcard, method)
}

function pick<Value>(entries: Entries<Value>, method: string): Value | null {
  for (const entry of entries) if (entry.methods.includes(method)) return entry.value
  // GET implies HEAD (RFC 9110 section 9.3.2), unless a pipeline answers HEAD itself.
  return method === 'HEAD' ? pick(entries, 'GET') : null
}

/** The path with encoded characters decoded, except those that separate parts of a URL; null if the encoding is broken. */
function decodedPath(path: string): string | null {
  try {
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}
