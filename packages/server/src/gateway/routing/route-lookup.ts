import type { Entries, Entry, Node, PartsEdge } from './route-node.ts'
import { matchesTexts } from './segment-texts.ts'

/**
 * The most nodes that one lookup visits. A lookup visits each node whose pattern matches the beginning of the path, until
 * it finds its route. Only patterns that are meant to make it slow need more, such as eight segments, each of which is
 * either fixed text or a parameter, in each combination.
 */
const NODES_MAX = 500
const SLASH = 47

/** One search for the routes of a path. */
export class RouteLookup<Value> {
  readonly #path: string
  readonly #method: string
  #nodes = 0

  /** @param method empty for a search that does not ask for a method */
  constructor(path: string, method: string) {
    this.#path = path
    this.#method = method
  }

  /** Whether the search has ended early, so that its result means nothing. */
  get isAmbiguous(): boolean {
    return this.#nodes > NODES_MAX
  }

  /**
   * The routes of the preferred pattern that serves the method; null if there is none.
   *
   * @param start the index in the path after the slash that ends at `node`
   */
  match(node: Node<Value>, start: number): Entries<Value> | null {
    this.#nodes += 1
    if (this.#nodes > NODES_MAX) return null
    const end = segmentEnd(this.#path, start)
    const next = node.statics?.get(this.#path.slice(start, end))
    return (
      (next === undefined ? null : this.#matchRest(next, end)) ??
      (node.parts === null ? null : this.#matchParts(node.parts, start, end)) ??
      (node.parameter === null || end === start ? null : this.#matchRest(node.parameter, end)) ??
      serving(node.wildcard, this.#method) ??
      serving(node.subtree, this.#method)
    )
  }

  /** Each edge that is compared counts like a node, so that many of them do not make a lookup slow. */
  #matchParts(edges: readonly PartsEdge<Value>[], start: number, end: number): Entries<Value> | null {
    const segment = this.#path.slice(start, end)
    for (const { texts, node } of edges) {
      this.#nodes += 1
      if (this.#nodes > NODES_MAX) return null
      const found = matchesTexts(texts, segment) ? this.#matchRest(node, end) : null
      if (found !== null) return found
    }
    return null
  }

  /** @param index in the path, after the first segment of the node's part of a pattern */
  #matchRest(node: Node<Value>, index: number): Entries<Value> | null {
    const path = this.#path
    const end = node.rest === '' ? index : restEnd(node.fixed, path, index)
    if (end < 0) return null
    if (end < path.length) return this.match(node, end + 1)
    return serving(node.ending, this.#method) ?? serving(node.subtree, this.#method)
  }

  /** Calls back with the routes of each pattern that matches, whatever their methods. */
  eachMatch(node: Node<Value>, start: number, visit: (entries: Entries<Value>) => void): void {
    this.#nodes += 1
    if (this.#nodes > NODES_MAX) return
    const path = this.#path
    const segment = segmentEnd(path, start)
    for (const next of [
      node.statics?.get(path.slice(start, segment)),
      ...this.#partsMatching(node, path.slice(start, segment)),
      segment === start ? null : node.parameter,
    ]) {
      if (next === undefined || next === null) continue
      const end = restEnd(next.fixed, path, segment)
      if (end === path.length) {
        visit(next.ending)
        visit(next.subtree)
      } else if (end >= 0) this.eachMatch(next, end + 1, visit)
    }
    visit(node.wildcard)
    visit(node.subtree)
  }

  #partsMatching({ parts }: Node<Value>, segment: string): Node<Value>[] {
    if (parts === null) return []
    this.#nodes += parts.length
    if (this.#nodes > NODES_MAX) return []
    return parts.filter(({ texts }) => matchesTexts(texts, segment)).map(({ node }) => node)
  }
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
export function servesMethod(methods: readonly string[], method: string): boolean {
  return methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

export function serves({ methods }: Entry<unknown>, method: string): boolean {
  return servesMethod(methods, method)
}
