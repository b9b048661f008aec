import { Problem } from '@sallyport/core'

/** How much may go on at once, and how much may wait for it. */
export interface FairTurnsLimits {
  readonly atOnce: number
  readonly waitingMax: number
}

interface Waiting {
  readonly start: () => void
  readonly refuse: (problem: Problem) => void
}

/**
 * Bounds work that costs much memory or time. What has to wait stands in lanes, one for each who asks, and the lanes
 * take turns: who asks for a lot waits behind himself. When too much waits, the longest lane loses its newest, so that
 * nobody can keep the others out by filling the room.
 */
export class FairTurns {
  readonly #limits: FairTurnsLimits
  /** The next lane to have its turn comes first; none is empty. */
  readonly #lanes = new Map<string, Waiting[]>()
  #running = 0
  #waiting = 0

  constructor(limits: FairTurnsLimits) {
    this.#limits = limits
  }

  /** How much is going on. */
  get running(): number {
    return this.#running
  }

  /** How much waits for its turn. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Runs a piece of work when its turn comes.
   *
   * @param lane who asks
   * @returns what the work gives
   * @throws Problem `unavailable`, as a rejection, when too much waits
   */
  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running += 1
    else await this.#wait(lane)
    try {
      return await work()
    } finally {
      this.#running -= 1
      this.#startNext()
    }
  }

  async #wait(lane: string): Promise<void> {
    await new Promise<void>((start, refuse) => {
      const line = this.#lanes.get(lane)
      if (line === undefined) this.#lanes.set(lane, [{ start, refuse }])
      else line.push({ start, refuse })
      this.#waiting += 1
      if (this.#waiting > this.#limits.waitingMax) this.#dropNewestOfLongest()
    })
  }

  #startNext(): void {
    const next = this.#lanes.entries().next()
    if (next.done === true) return
    const [lane, line] = next.value
    // Behind the others, where it still holds something.
    this.#lanes.delete(lane)
    const first = line.shift()
    if (line.length > 0) this.#lanes.set(lane, line)
    if (first === undefined) return
    this.#waiting -= 1
    // The place is taken here and now, so that nobody who comes in between gets it.
    this.#running += 1
    first.start()
  }

  #dropNewestOfLongest(): void {
    let longest: [string, Waiting[]] | undefined
    // Of lanes of one length the last one loses: where everybody has asked once, whoever comes too late.
    for (const entry of this.#lanes) {
      if (longest === undefined || entry[1].length >= longest[1].length) longest = entry
    }
    if (longest === undefined) return
    const [lane, line] = longest
    const last = line.pop()
    if (line.length === 0) this.#lanes.delete(lane)
    if (last === undefined) return
    this.#waiting -= 1
    last.refuse(new Problem('unavailable'))
  }
}
