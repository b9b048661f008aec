/** One page of a list, with what else its answer says. */
export type Page<Item, More = unknown> = More & {
  readonly items: readonly Item[]
  /** Where the next page begins; null if this is the last one. */
  readonly next: string | null
}

/**
 * A list of the management API. Nothing is requested before it is read. `for await` reads all its items, page after page;
 * each time from the beginning.
 */
export class List<Item, More = unknown> implements AsyncIterable<Item> {
  readonly #read: (cursor: string | undefined) => Promise<Page<Item, More>>

  constructor(read: (cursor: string | undefined) => Promise<Page<Item, More>>) {
    this.#read = read
  }

  /** Reads one page. @param cursor the `next` of the page before; the first page unless given */
  async page(cursor?: string): Promise<Page<Item, More>> {
    return await this.#read(cursor)
  }

  /** Reads the pages, one after the other. */
  async *pages(): AsyncGenerator<Page<Item, More>, void, undefined> {
    let cursor: string | null | undefined
    do {
      const page: Page<Item, More> = await this.#read(cursor ?? undefined)
      yield page
      cursor = page.next
    } while (cursor !== null)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const { items } of this.pages()) yield* items
  }

  /** Reads items into an array. @param max how many at most */
  async toArray(max = Infinity): Promise<Item[]> {
    const all: Item[] = []
    if (max <= 0) return all
    for await (const item of this) {
      all.push(item)
      if (all.length >= max) break
    }
    return all
  }
}
