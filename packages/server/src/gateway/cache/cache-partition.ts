import type { DeploymentRecord } from '@sallyport/core'
import type { Tenant } from '../../fairness/fair-share.ts'
import type { CacheSpace } from './cache-space.ts'
import type { StoredResponse } from './stored-response.ts'

/**
 * What an entry takes besides its text and its body. Of 100,000 entries with bodies of 100 bytes, each took 1.3 KiB of the heap
 * and 2.1 KiB of the process.
 */
const ENTRY_BYTES = 2048
/** How long requests do not wait for each other after a response that could not be stored, in ms. */
const UNSTORABLE_MS = 10_000

/** Names a response within its deployment: by the whole request to the upstream. */
export interface CacheKey {
  readonly text: string
  /** The path at the upstream. What changes it makes all of its responses outdated, with any query and headers. */
  readonly group: string
}

/** A request that is on its way to the upstream, for all who want the same. */
export interface Flight {
  readonly key: CacheKey
  readonly waiting: Set<Waiting>
}

/** A request that waits for the response of another one. */
export interface Waiting {
  /** Called once, unless it has left. @param outcome `ended` if nothing came of it, and someone else may ask */
  onLanding(outcome: 'stored' | 'unstorable' | 'ended'): void
}

/** A response in the making. */
export interface Fill {
  readonly group: string
  /** The upstream was changed meanwhile. */
  outdated(): void
}

/** A response in the cache. */
export interface StoredEntry {
  readonly response: StoredResponse
  /** Keeps its bytes counted, also if it is removed, until the returned function is called. */
  hold(): () => void
}

interface Entry {
  readonly key: CacheKey
  /** Null for a note that the response cannot be stored. */
  readonly response: StoredResponse | null
  readonly bytes: number
  readonly untilMs: number
  /** How many callers get it now, which keeps it in memory. */
  readers: number
  isRemoved: boolean
}

/** The stored responses of one deployment. */
export class CachePartition {
  readonly space: CacheSpace
  readonly record: DeploymentRecord
  readonly tenant: Tenant
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #groups = new Map<string, Set<Entry>>()
  readonly #flights = new Map<string, Flight>()
  readonly #fills = new Set<Fill>()
  #isOver = false
  #bytes = 0

  constructor(space: CacheSpace, record: DeploymentRecord, tenant: Tenant) {
    this.space = space
    this.record = record
    this.tenant = tenant
  }

  /** What its responses take of the space. */
  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  /** @returns `unstorable` for a response that recently could not be stored */
  find(key: CacheKey): StoredEntry | 'unstorable' | undefined {
    const entry = this.#entries.get(key.text)
    if (entry === undefined) return undefined
    if (entry.untilMs <= this.space.monotonicMs()) {
      this.#remove(entry)
      return undefined
    }
    this.#entries.delete(key.text)
    this.#entries.set(key.text, entry)
    const { response } = entry
    return response === null ? 'unstorable' : { response, hold: () => this.#hold(entry) }
  }

  /**
   * Stores a response in place of the one before, unless that is newer.
   *
   * @param heldBytes what its body has taken of the space already; given back if it is not stored
   * @returns whether a response is stored now
   */
  store(key: CacheKey, response: StoredResponse, heldBytes: number): boolean {
    const before = this.#entries.get(key.text)?.response
    // A slow one, whose request was sent before that of the stored one.
    if (before !== undefined && before !== null && isNewer(before, response)) {
      this.space.give(this.tenant, heldBytes)
      return true
    }
    this.remove(key)
    const text = response.raw.reduce((sum, part) => sum + 2 * part.length, 0)
    const bytes = text + ENTRY_BYTES
    if (this.#isOver || !this.space.take(this.tenant, bytes)) {
      this.space.give(this.tenant, heldBytes)
      return false
    }
    this.#add({ key, response, bytes: bytes + heldBytes, untilMs: Infinity, readers: 0, isRemoved: false })
    return true
  }

  /** Notes that the response cannot be stored, so that no request waits for it. */
  noteUnstorable(key: CacheKey): void {
    this.remove(key)
    if (this.#isOver || !this.space.take(this.tenant, ENTRY_BYTES)) return
    const untilMs = this.space.monotonicMs() + UNSTORABLE_MS
    this.#add({ key, response: null, bytes: ENTRY_BYTES, untilMs, readers: 0, isRemoved: false })
  }

  remove(key: CacheKey): void {
    const entry = this.#entries.get(key.text)
    if (entry !== undefined) this.#remove(entry)
  }

  /** Forgets the responses of a path that has changed (RFC 9111 section 4.4), those on their way included. */
  invalidate(group: string): void {
    for (const entry of this.#groups.get(group) ?? []) this.#remove(entry)
    for (const fill of this.#fills) if (fill.group === group) fill.outdated()
    for (const flight of this.#flights.values()) if (flight.key.group === group) this.land(flight, 'ended')
  }

  /** Forgets all responses, and takes no further ones. */
  end(): void {
    this.#isOver = true
    for (const entry of this.#entries.values()) this.#remove(entry)
    for (const fill of this.#fills) fill.outdated()
  }

  /** @returns the bytes that it had; 0 if there was none */
  removeOldest(): number {
    for (const entry of this.#entries.values()) {
      this.#remove(entry)
      return entry.bytes
    }
    return 0
  }

  /** The request that is on its way for a key. */
  flightOf(key: CacheKey): Flight | undefined {
    return this.#flights.get(key.text)
  }

  takeOff(key: CacheKey): Flight {
    const flight: Flight = { key, waiting: new Set() }
    this.#flights.set(key.text, flight)
    return flight
  }

  /** Ends a flight for those who wait, each in a turn of its own. Further calls have no effect. */
  land(flight: Flight, outcome: Parameters<Waiting['onLanding']>[0]): void {
    if (this.#flights.get(flight.key.text) === flight) this.#flights.delete(flight.key.text)
    for (const waiting of flight.waiting) {
      setImmediate(() => {
        if (flight.waiting.delete(waiting)) waiting.onLanding(outcome)
      })
    }
  }

  beginFill(fill: Fill): void {
    this.#fills.add(fill)
  }

  endFill(fill: Fill): void {
    this.#fills.delete(fill)
  }

  #add(entry: Entry): void {
    const { text, group } = entry.key
    this.#entries.set(text, entry)
    this.#bytes += entry.bytes
    const siblings = this.#groups.get(group)
    if (siblings === undefined) this.#groups.set(group, new Set([entry]))
    else siblings.add(entry)
  }

  #remove(entry: Entry): void {
    const { text, group } = entry.key
    this.#entries.delete(text)
    const siblings = this.#groups.get(group)
    siblings?.delete(entry)
    if (siblings?.size === 0) this.#groups.delete(group)
    entry.isRemoved = true
    this.#bytes -= entry.bytes
    this.#giveUnused(entry)
  }

  #hold(entry: Entry): () => void {
    entry.readers += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      entry.readers -= 1
      this.#giveUnused(entry)
    }
  }

  #giveUnused(entry: Entry): void {
    if (entry.isRemoved && entry.readers === 0) this.space.give(this.tenant, entry.bytes)
  }
}

function isNewer({ freshness: one }: StoredResponse, { freshness: other }: StoredResponse): boolean {
  if (one.sentAtMs !== other.sentAtMs) return one.sentAtMs > other.sentAtMs
  return one.receivedAtMs > other.receivedAtMs
}
