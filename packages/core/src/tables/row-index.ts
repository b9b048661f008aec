import { type ListChanges, changedList, listChanges, nestedChanges, nestedList } from './list-changes.ts'
import { sharedWords } from './segments.ts'

/*
 * An index of rows by hash: extendible hashing (Fagin et al., 1979) over pages of slots. The first bits of a hash choose the
 * page, the last ones the first slot; a slot has the reference of a row, or 0. A full page is split in two, so one change
 * copies at most a few pages of 4 KiB, however large the table is.
 *
 * A page is words in shared memory: how many bits of the hash all its rows have in common, how many rows it has, its slots.
 */
type Page = Uint32Array

const DEPTH_AT = 0
const COUNT_AT = 1
/** Where the slots of a page begin. */
export const SLOTS_AT = 2

/** At most so many rows are in a page that can be split. */
const PAGE_ROWS_MAX = 768
/** The mean number of rows in a page of a new index: few enough that nearly no page has to be split at once. */
const PAGE_ROWS_MEAN = 640
/** A page is not split further than by so many bits of the hash. */
const DEPTH_MAX = 20
/** 16 bits of the hash choose the slot. */
const SLOTS_MAX = 65_536
const SLOTS_MIN = 4
/** The directory of pages is a list of lists of so many. */
const CHUNK_BITS = 8
export const CHUNK_PAGES = 256

type Chunks = readonly (readonly Page[])[]

function makePage(depth: number, count: number, slotCount: number): Page {
  const page = sharedWords(SLOTS_AT + slotCount)
  page[DEPTH_AT] = depth
  page[COUNT_AT] = count
  return page
}

function depthOf(page: Page): number {
  return page[DEPTH_AT] ?? 0
}

function countOf(page: Page): number {
  return page[COUNT_AT] ?? 0
}

/** At most two thirds of the slots are used at first, so that a search for an absent row ends soon. */
function slotsFor(rows: number): number {
  return Math.min(Math.max(SLOTS_MIN, Math.ceil(rows * 1.5)), SLOTS_MAX)
}

/** Where the search for a row with this hash begins in a page. */
export function firstSlot(hash: number, page: Page): number {
  return SLOTS_AT + (((hash & 0xffff) * (page.length - SLOTS_AT)) >>> 16)
}

/** The slot after another one: after the last one comes the first. */
export function slotAfter(slot: number, page: Page): number {
  return slot + 1 < page.length ? slot + 1 : SLOTS_AT
}

function insert(page: Page, hash: number, ref: number): void {
  let slot = firstSlot(hash, page)
  while (page[slot] !== 0) slot = slotAfter(slot, page)
  page[slot] = ref
}

/** The slot of a row, or -1. */
function slotOf(page: Page, hash: number, ref: number): number {
  let slot = firstSlot(hash, page)
  for (let looked = SLOTS_AT; looked < page.length; looked += 1) {
    if (page[slot] === ref) return slot
    if (page[slot] === 0) return -1
    slot = slotAfter(slot, page)
  }
  return -1
}

/** The first bits of a hash. A shift by 32 would be one by 0. */
function pageNumber(hash: number, depth: number): number {
  return (hash >>> 1) >>> (31 - depth)
}

const NO_PAGE: Page = new Uint32Array(SLOTS_AT)

/** How one version of an index differs from another one, for other threads. */
export interface IndexChanges {
  readonly depth: number
  readonly chunks: ListChanges<ListChanges<Page>>
}

/** One version of an index. Immutable. */
export class RowIndex {
  readonly #chunks: Chunks
  /** How many bits of a hash choose the page. */
  readonly #depth: number

  constructor(chunks: Chunks, depth: number) {
    this.#chunks = chunks
    this.#depth = depth
  }

  static empty(): RowIndex {
    return new RowIndex([[makePage(0, 0, SLOTS_MIN)]], 0)
  }

  /** The page in which a row with this hash is, if there is one. */
  page(hash: number): Uint32Array {
    const number = pageNumber(hash, this.#depth)
    return this.#chunks[number >>> CHUNK_BITS]?.[number & (CHUNK_PAGES - 1)] ?? NO_PAGE
  }

  /**
   * Finds a row.
   *
   * @param isIt whether a row with perhaps this hash is the one
   * @returns its reference, or 0
   */
  find(hash: number, isIt: (ref: number) => boolean): number {
    const page = this.page(hash)
    let slot = firstSlot(hash, page)
    for (let looked = SLOTS_AT; looked < page.length; looked += 1) {
      const ref = page[slot] ?? 0
      if (ref === 0 || isIt(ref)) return ref
      slot = slotAfter(slot, page)
    }
    return 0
  }

  /** The references of all rows, in no particular order. */
  *refs(): Generator<number> {
    for (const page of this.#pages()) {
      for (let slot = SLOTS_AT; slot < page.length; slot += 1) {
        const ref = page[slot] ?? 0
        if (ref !== 0) yield ref
      }
    }
  }

  /** The size of all pages in bytes. */
  get byteLength(): number {
    let bytes = 0
    for (const page of this.#pages()) bytes += page.byteLength
    return bytes
  }

  /** Each page once: several neighbours can be the same. */
  *#pages(): Generator<Page> {
    let before: Page | undefined
    for (const chunk of this.#chunks) {
      for (const page of chunk) {
        if (page !== before) yield page
        before = page
      }
    }
  }

  /** How this version differs from another one. Pages that both have are left out. */
  changesSince(before: RowIndex): IndexChanges {
    const chunks = nestedChanges(before.#chunks, this.#chunks, (one = [], other) => listChanges(one, other))
    return { depth: this.#depth, chunks }
  }

  /** The version that was compared with this one, or with the one that this one is a copy of. */
  withChanges({ depth, chunks }: IndexChanges): RowIndex {
    return new RowIndex(
      nestedList(this.#chunks, chunks, (before = [], changes) => changedList(before, changes)),
      depth,
    )
  }

  /** @param hashOf the hash of a row that the index has */
  draft(hashOf: (ref: number) => number): RowIndexDraft {
    return new RowIndexDraft(this.#chunks, this.#depth, hashOf)
  }
}

/** Changes a copy of an index. It copies each page once. */
export class RowIndexDraft {
  readonly #hashOf: (ref: number) => number
  readonly #chunks: (readonly Page[])[]
  #depth: number
  /** The pages, and the lists of pages, that only this draft has. */
  readonly #own = new Set<Page | readonly Page[]>()

  constructor(chunks: Chunks, depth: number, hashOf: (ref: number) => number) {
    this.#hashOf = hashOf
    this.#chunks = [...chunks]
    this.#depth = depth
  }

  /** The index as it is now. It changes with the draft. */
  get current(): RowIndex {
    return new RowIndex(this.#chunks, this.#depth)
  }

  add(hash: number, ref: number): void {
    let page = this.#page(hash)
    while (countOf(page) >= PAGE_ROWS_MAX && depthOf(page) < DEPTH_MAX) {
      this.#split(page, hash)
      page = this.#page(hash)
    }
    const count = countOf(page) + 1
    // At least a fifth of the slots is free.
    const isTight = count * 5 > (page.length - SLOTS_AT) * 4
    page = isTight ? this.#resized(page, hash, slotsFor(count)) : this.#owned(page, hash)
    if (count >= page.length - SLOTS_AT) throw new RangeError('too many rows have one hash')
    insert(page, hash, ref)
    page[COUNT_AT] = count
  }

  /** Another reference for a row. */
  replace(hash: number, before: number, after: number): void {
    const page = this.#owned(this.#page(hash), hash)
    const slot = slotOf(page, hash, before)
    if (slot >= 0) page[slot] = after
  }

  remove(hash: number, ref: number): void {
    const page = this.#owned(this.#page(hash), hash)
    let free = slotOf(page, hash, ref)
    if (free < 0) return
    page[COUNT_AT] = countOf(page) - 1
    page[free] = 0
    // A row after the free slot moves there, unless its search begins between the two (Knuth, 6.4, algorithm R).
    for (let slot = slotAfter(free, page); ; slot = slotAfter(slot, page)) {
      const moved = page[slot] ?? 0
      if (moved === 0) return
      const first = firstSlot(this.#hashOf(moved), page)
      const isBetween = free <= slot ? free < first && first <= slot : free < first || first <= slot
      if (isBetween) continue
      page[free] = moved
      page[slot] = 0
      free = slot
    }
  }

  #page(hash: number): Page {
    const number = pageNumber(hash, this.#depth)
    return this.#chunks[number >>> CHUNK_BITS]?.[number & (CHUNK_PAGES - 1)] ?? NO_PAGE
  }

  /** A page as one that only this draft has. */
  #owned(page: Page, hash: number): Page {
    if (this.#own.has(page)) return page
    const own = sharedWords(page.length)
    own.set(page)
    this.#put(hash, own)
    return own
  }

  /** A page with other slots. */
  #resized(page: Page, hash: number, slotCount: number): Page {
    const own = makePage(depthOf(page), countOf(page), slotCount)
    for (let slot = SLOTS_AT; slot < page.length; slot += 1) {
      const ref = page[slot] ?? 0
      if (ref !== 0) insert(own, this.#hashOf(ref), ref)
    }
    this.#put(hash, own)
    return own
  }

  /** Puts a page in all places of the page of a hash. */
  #put(hash: number, page: Page): void {
    this.#own.add(page)
    const depth = depthOf(page)
    const places = 1 << (this.#depth - depth)
    const first = pageNumber(hash, depth) * places
    for (let place = first; place < first + places; place += 1) {
      this.#chunkOf(place)[place & (CHUNK_PAGES - 1)] = page
    }
  }

  /** The list with a place, as one that only this draft has. */
  #chunkOf(place: number): Page[] {
    const number = place >>> CHUNK_BITS
    let chunk = this.#chunks[number] ?? []
    if (!this.#own.has(chunk)) {
      chunk = [...chunk]
      this.#own.add(chunk)
      this.#chunks[number] = chunk
    }
    return chunk as Page[]
  }

  /** Divides the rows of the page of a hash by one more bit. */
  #split(page: Page, hash: number): void {
    const depth = depthOf(page) + 1
    if (depth > this.#depth) this.#double()
    const halves: [hash: number, ref: number][][] = [[], []]
    for (let slot = SLOTS_AT; slot < page.length; slot += 1) {
      const ref = page[slot] ?? 0
      if (ref === 0) continue
      const own = this.#hashOf(ref)
      halves[pageNumber(own, depth) & 1]?.push([own, ref])
    }
    const bit = 2 ** (32 - depth)
    for (const [half, rows] of halves.entries()) {
      const next = makePage(depth, rows.length, slotsFor(rows.length + 1))
      for (const [own, ref] of rows) insert(next, own, ref)
      this.#put(half === 0 ? (hash & ~bit) >>> 0 : (hash | bit) >>> 0, next)
    }
  }

  /** Lets one more bit of a hash choose the page: each page gets a second place next to its first. */
  #double(): void {
    const pages = this.#chunks.flat().flatMap((page) => [page, page])
    this.#depth += 1
    this.#chunks.length = 0
    for (const chunk of inChunks(pages)) {
      this.#chunks.push(chunk)
      this.#own.add(chunk)
    }
  }
}

function* inChunks(pages: readonly Page[]): Generator<Page[]> {
  for (let first = 0; first < pages.length; first += CHUNK_PAGES) {
    yield pages.slice(first, first + CHUNK_PAGES)
  }
}

/** Rows for an index: their hashes and references, in turns. */
const PAIRS_PER_BLOCK = 65_536
const FIRST_PAIRS = 64
/** Words that are set to zero between two pauses: 1 MiB. */
const CLEARED_PER_PAUSE = 262_144
const NO_PAIRS = new Uint32Array(0)

/** Collects rows, and builds an index of them at once, page by page. */
export class RowIndexLoader {
  readonly #blocks: Uint32Array[] = []
  #block = NO_PAIRS
  #used = 0
  #count = 0
  /** How many rows there are by the first 8 bits of their hashes. */
  readonly #counts = new Uint32Array(CHUNK_PAGES)

  /** Each row is added once. */
  add(hash: number, ref: number): void {
    if (this.#used === this.#block.length) {
      const pairs = this.#count === 0 ? FIRST_PAIRS : PAIRS_PER_BLOCK
      this.#block = new Uint32Array(pairs * 2)
      this.#blocks.push(this.#block)
      this.#used = 0
    }
    this.#block[this.#used] = hash
    this.#block[this.#used + 1] = ref
    this.#used += 2
    this.#count += 1
    const group = hash >>> (32 - CHUNK_BITS)
    this.#counts[group] = (this.#counts[group] ?? 0) + 1
  }

  /**
   * Builds the index. Call it once: it empties the loader.
   *
   * @param pause lets other work of the process run; called after each millisecond or so of work
   */
  async build(hashOf: (ref: number) => number, pause: () => Promise<void>): Promise<RowIndex> {
    let depth = 0
    while (depth < DEPTH_MAX && this.#count / 2 ** depth > PAGE_ROWS_MEAN) depth += 1
    const pages: Page[] = []
    const late: Uint32Array[] = []
    for (const pairs of await this.#grouped(Math.min(depth, CHUNK_BITS), pause)) {
      late.push(fillPages(pairs, depth, pages))
      await pause()
    }
    const draft = new RowIndex([...inChunks(pages)], depth).draft(hashOf)
    for (const pairs of late) {
      for (let at = 0; at < pairs.length; at += 2) draft.add(pairs[at] ?? 0, pairs[at + 1] ?? 0)
      if (pairs.length > 0) await pause()
    }
    return draft.current
  }

  /**
   * The rows by the first bits of their hashes: each group fits into the cache of a core, with its pages.
   *
   * @param bits at most `CHUNK_BITS`
   */
  async #grouped(bits: number, pause: () => Promise<void>): Promise<Uint32Array[]> {
    const lengths = new Uint32Array(2 ** bits)
    for (const [first, count] of this.#counts.entries()) {
      const group = first >>> (CHUNK_BITS - bits)
      lengths[group] = (lengths[group] ?? 0) + 2 * count
    }
    const groups: Uint32Array[] = []
    let cleared = 0
    for (const length of lengths) {
      groups.push(new Uint32Array(length))
      // New memory is set to zero: at ten million rows that takes longer than a request should wait.
      cleared += length
      if (cleared < CLEARED_PER_PAUSE) continue
      cleared = 0
      await pause()
    }
    const ends = new Uint32Array(2 ** bits)
    for (const [number, block] of this.#blocks.entries()) {
      const length = block === this.#block ? this.#used : block.length
      for (let at = 0; at < length; at += 2) {
        const hash = block[at] ?? 0
        const group = pageNumber(hash, bits)
        const end = ends[group] ?? 0
        const pairs = groups[group] ?? NO_PAIRS
        pairs[end] = hash
        pairs[end + 1] = block[at + 1] ?? 0
        ends[group] = end + 2
      }
      // Its memory is not needed any more.
      this.#blocks[number] = NO_PAIRS
      await pause()
    }
    return groups
  }
}

/**
 * Makes the pages of a group of rows.
 *
 * @param depth how many bits of the hash choose the page
 * @returns the rows for which their page has no room
 */
function fillPages(pairs: Uint32Array, depth: number, pages: Page[]): Uint32Array {
  const count = 2 ** Math.max(0, depth - CHUNK_BITS)
  const counts = new Uint32Array(count)
  for (let at = 0; at < pairs.length; at += 2) {
    const page = pageNumber(pairs[at] ?? 0, depth) & (count - 1)
    counts[page] = (counts[page] ?? 0) + 1
  }
  const own = Array.from(counts, (rows) => makePage(depth, 0, slotsFor(Math.min(rows, PAGE_ROWS_MAX))))
  const late: number[] = []
  for (let at = 0; at < pairs.length; at += 2) {
    const [hash = 0, ref = 0] = [pairs[at], pairs[at + 1]]
    const page = own[pageNumber(hash, depth) & (count - 1)] ?? NO_PAGE
    if (countOf(page) < PAGE_ROWS_MAX) {
      insert(page, hash, ref)
      page[COUNT_AT] = countOf(page) + 1
    } else late.push(hash, ref)
  }
  for (const page of own) pages.push(page)
  return Uint32Array.from(late)
}
