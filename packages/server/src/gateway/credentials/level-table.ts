import { randomBytes } from 'node:crypto'
import { type HashSeed, wideHashOfText } from '@sallyport/core'

/*
 * A table is a header and its places, 40 bytes each, in groups of up to eight. A counter can be in any place of the two groups
 * that its hash chooses, and a new one goes where there is more room. Numbers that are not whole are 64-bit floats.
 *
 *   header  the number of uses, in a word; a word of padding
 *   place   two words of the hash of the counter's name; the use at which it was last counted, 0 for a free place; a word of
 *           padding; then the level, when it was that, and when it is 0 again
 */
const HEADER_BYTES = 8
const PLACE_BYTES = 40
const PLACE_WORDS = PLACE_BYTES / 4
const PLACE_FLOATS = PLACE_BYTES / 8
const USE_AT = 2
/** Where the floats of a place begin, in floats. */
const LEVEL_AT = 2
const COUNTED_AT = 3
const EMPTY_AT = 4
const GROUP_PLACES_MAX = 8
/**
 * So many places for each counter, if they are in several groups. With as many as counters, one in seven of 100,000 would find
 * its group full; with a choice of two groups and half as many again, none does.
 */
const PLACES_PER_COUNTER = 1.5

/** The name of a counter, hashed. */
export interface CounterHash {
  readonly first: number
  readonly second: number
}

/** What a process keeps secret about its tables, so that callers cannot choose names that meet in one group. */
export function levelTableSeed(): HashSeed {
  const words = randomBytes(8)
  return [words.readUInt32LE(0), words.readUInt32LE(4)]
}

/**
 * Counters by the hash of their names, in memory that threads can share; a lock must keep them apart. When the places of both
 * groups are all taken, a counter that is empty again makes room, or the one that was used the longest time ago.
 *
 * Two names with one hash would share a counter: with 64 bits, and 100,000 counters, the chance is one in 10^9.
 */
export class LevelTable {
  readonly #groupPlaces: number
  readonly #groups: number
  readonly #words: Uint32Array
  readonly #floats: Float64Array
  readonly #seed: HashSeed
  readonly #uses: Uint32Array

  /**
   * @param memory all 0 at first, of `byteLength`
   * @param countersMax so many counters find room at least
   */
  constructor(memory: SharedArrayBuffer, countersMax: number, seed: HashSeed) {
    this.#groupPlaces = groupPlaces(countersMax)
    this.#groups = groupsFor(countersMax)
    this.#words = new Uint32Array(memory, HEADER_BYTES)
    this.#floats = new Float64Array(memory, HEADER_BYTES)
    this.#uses = new Uint32Array(memory, 0, 1)
    this.#seed = seed
  }

  static byteLength(countersMax: number): number {
    return HEADER_BYTES + groupsFor(countersMax) * groupPlaces(countersMax) * PLACE_BYTES
  }

  /** How many counters there are. It looks at every place. */
  get size(): number {
    let size = 0
    for (let place = 0; place < this.#groups * this.#groupPlaces; place += 1) {
      if (this.#words[place * PLACE_WORDS + USE_AT] !== 0) size += 1
    }
    return size
  }

  hashOf(name: string): CounterHash {
    const [first = 0, second = 0] = wideHashOfText(name, this.#seed)
    return { first, second }
  }

  /** The place of a counter, or -1. Another counter can get it as soon as one is counted. */
  placeOf(hash: CounterHash): number {
    const place = this.#placeIn(this.#groupOf(hash.first), hash)
    return place < 0 ? this.#placeIn(this.#groupOf(hash.second), hash) : place
  }

  #placeIn(group: number, { first, second }: CounterHash): number {
    const words = this.#words
    for (let place = group; place < group + this.#groupPlaces; place += 1) {
      const word = place * PLACE_WORDS
      if (words[word] === first && words[word + 1] === second && words[word + USE_AT] !== 0) return place
    }
    return -1
  }

  /** The level of a counter when it was last counted; 0 for none. */
  levelAt(place: number): number {
    return place < 0 ? 0 : (this.#floats[place * PLACE_FLOATS + LEVEL_AT] ?? 0)
  }

  /** When it was last counted, in ms by the monotonic clock. */
  countedAtMs(place: number): number {
    return place < 0 ? 0 : (this.#floats[place * PLACE_FLOATS + COUNTED_AT] ?? 0)
  }

  /** Gives a counter its level. @param emptyAtMs when it will be 0 */
  count(hash: CounterHash, level: number, atMs: number, emptyAtMs: number): void {
    const known = this.placeOf(hash)
    const place = known < 0 ? this.#roomFor(hash, atMs) : known
    const word = place * PLACE_WORDS
    this.#words[word] = hash.first
    this.#words[word + 1] = hash.second
    this.#words[word + USE_AT] = this.#nextUse()
    const float = place * PLACE_FLOATS
    this.#floats[float + LEVEL_AT] = level
    this.#floats[float + COUNTED_AT] = atMs
    this.#floats[float + EMPTY_AT] = emptyAtMs
  }

  /** The number of the next use. 0 stands for none. */
  #nextUse(): number {
    const next = ((this.#uses[0] ?? 0) + 1) >>> 0 || 1
    this.#uses[0] = next
    return next
  }

  /** The first place of the group that a part of a hash chooses. */
  #groupOf(part: number): number {
    return (part % this.#groups) * this.#groupPlaces
  }

  /** A place for another counter. */
  #roomFor({ first, second }: CounterHash, nowMs: number): number {
    const one = this.#roomIn(this.#groupOf(first), nowMs)
    const other = this.#roomIn(this.#groupOf(second), nowMs)
    if (one.free !== other.free) return one.free > other.free ? one.place : other.place
    return one.unusedFor >= other.unusedFor ? one.place : other.place
  }

  /** The best place of a group for another counter, and how many are free or have a counter that is empty again. */
  #roomIn(group: number, nowMs: number): Room {
    const used = this.#uses[0] ?? 0
    let free = 0
    let firstFree = group
    let oldest = group
    let unusedFor = -1
    for (let place = group; place < group + this.#groupPlaces; place += 1) {
      const use = this.#words[place * PLACE_WORDS + USE_AT] ?? 0
      const emptyAtMs = this.#floats[place * PLACE_FLOATS + EMPTY_AT] ?? 0
      if (use === 0 || emptyAtMs <= nowMs) {
        if (free === 0) firstFree = place
        free += 1
        continue
      }
      // The number of uses begins again after 2^32.
      const since = (used - use) >>> 0
      if (since <= unusedFor) continue
      oldest = place
      unusedFor = since
    }
    return { place: free > 0 ? firstFree : oldest, free, unusedFor }
  }
}

interface Room {
  readonly place: number
  readonly free: number
  /** How many uses of others ago the counter that was unused longest was last counted; -1 if all places are free. */
  readonly unusedFor: number
}

function groupPlaces(countersMax: number): number {
  return Math.min(countersMax, GROUP_PLACES_MAX)
}

function groupsFor(countersMax: number): number {
  if (countersMax <= GROUP_PLACES_MAX) return 1
  return Math.ceil((countersMax * PLACES_PER_COUNTER) / GROUP_PLACES_MAX)
}
