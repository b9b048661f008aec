import { RouteLookup, serves } from './route-lookup.ts'
import { makeNode, ownNode, place, type Entries, type Node } from './route-node.ts'

/** So many patterns match the beginning of a path that the search for its route was given up. */
export const AMBIGUOUS: unique symbol = Symbol('ambiguous')
export type Ambiguous = typeof AMBIGUOUS

/** The most routes of one pattern that are compared. Usual ones differ in their methods, so there are less than ten. */
const ENTRIES_MAX = 100

/**
 * Route patterns by segment. Immutable: a change copies the nodes on the way to the routes that it touches, each once, and shares
 * the others. So a deployment with 100 routes costs the same among 100 routes and among 100,000.
 */
export class RouteTree<Value> {
  readonly #root: Node<Value>

  constructor(root: Node<Value>) {
    this.#root = root
  }

  static empty<Value>(): RouteTree<Value> {
    return new RouteTree(makeNode<Value>({}, ''))
  }

  /** Begins a change of the tree. */
  edit(): RouteTreeEdit<Value> {
    return new RouteTreeEdit(this.#root)
  }

  /**
   * The route for a method and path, or null. Static text is preferred to a parameter, a parameter to `*`, and that to
   * `**`, from left to right. A route without the method is passed over. A parameter needs a non-empty segment.
   *
   * @param path starts with a slash, decoded
   * @returns `AMBIGUOUS` if the search would take too long
   */
  find(method: string, path: string): Value | null | Ambiguous {
    const lookup = new RouteLookup<Value>(path, method)
    const entries = lookup.match(this.#root, 1)
    if (lookup.isAmbiguous) return AMBIGUOUS
    if (entries === null) return null
    // A pipeline that serves HEAD itself is preferred to one that serves it as GET.
    const entry =
      entries.find(({ methods }) => methods.includes(method)) ?? entries.find((any) => serves(any, method))
    return entry === undefined ? null : entry.value
  }

  /** Every route of the pattern that `find` prefers, as far as it serves the method. */
  findAll(method: string, path: string): Value[] | Ambiguous {
    const lookup = new RouteLookup<Value>(path, method)
    const entries = lookup.match(this.#root, 1) ?? []
    if (lookup.isAmbiguous || entries.length > ENTRIES_MAX) return AMBIGUOUS
    return entries.filter((entry) => serves(entry, method)).map(({ value }) => value)
  }

  /**
   * The methods of every route that matches a path, in alphabetical order. If `find` says `AMBIGUOUS`, some can be
   * missing.
   */
  methodsOf(path: string): string[] {
    const methods = new Set<string>()
    new RouteLookup<Value>(path, '').eachMatch(this.#root, 1, (entries) => {
      for (const entry of entries) for (const method of entry.methods) methods.add(method)
    })
    if (methods.has('GET')) methods.add('HEAD')
    return [...methods].sort()
  }
}

/** Adds and removes routes of a copy of a tree, which no request searches yet. */
export class RouteTreeEdit<Value> {
  /** Names the nodes that belong to this change. */
  readonly #change = {}
  readonly #root: Node<Value>

  constructor(root: Node<Value>) {
    this.#root = ownNode(root, this.#change)
  }

  add(pattern: string, owner: string, methods: readonly string[], value: Value): void {
    place(this.#root, pattern, this.#change, (entries) => {
      const index = indexOf(entries, owner)
      return entries[index]?.owner === owner
        ? entries
        : entries.toSpliced(index, 0, { owner, methods, value })
    })
  }

  remove(pattern: string, owner: string): void {
    place(this.#root, pattern, this.#change, (entries) => {
      const index = indexOf(entries, owner)
      return entries[index]?.owner === owner ? entries.toSpliced(index, 1) : entries
    })
  }

  /** The tree after the change, which ends with this. */
  end(): RouteTree<Value> {
    return new RouteTree(this.#root)
  }
}

/**
 * Where the entry of an owner is or belongs. Entries are sorted by owner, so that every gateway prefers the same one of two
 * routes that conflict. The gate refuses those.
 */
function indexOf(entries: Entries<unknown>, owner: string): number {
  let from = 0
  let to = entries.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((entries[middle]?.owner ?? '') < owner) from = middle + 1
    else to = middle
  }
  return from
}
