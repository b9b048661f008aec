import type { KeyId } from '@sallyport/core'

/** How often one secret was used in one organization since the last flush. */
export interface SecretUsage {
  readonly keyId: KeyId
  readonly secretSequence: number
  /** The organization that the key called as an external key; null for the key's own. */
  readonly usedIn: string | null
  requests: number
  lastUsedAtMs: number
  lastUsedAddress: string | null
}

export interface UsageRecorderDeps {
  /** Stores the counts; rejects if they could not be stored. */
  readonly sink: (rows: readonly SecretUsage[]) => Promise<void>
  readonly onFault: (cause: unknown) => void
  /** Called with the number of uses that were not counted because too many secrets wait for a flush. */
  readonly onDropped: (uses: number) => void
}

/** How often counts are flushed. Requests never wait for a write. */
const FLUSH_MS = 1000
/** The most secrets in one flush, because SQLite writes block this thread. */
const FLUSHED_SECRETS_MAX = 2000
/** The most secrets that wait while the store is unavailable; uses of further secrets are not counted. */
const WAITING_SECRETS_MAX = 200_000

/** Counts the uses of secrets in memory and flushes the sums each second and on disposal. */
export class UsageRecorder implements AsyncDisposable {
  readonly #deps: UsageRecorderDeps
  readonly #timer: NodeJS.Timeout
  #waiting = new Map<string, SecretUsage>()
  #dropped = 0
  #flushing: Promise<void> = Promise.resolve()

  constructor(deps: UsageRecorderDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => {
      this.#flushing = this.#flushing.then(async () => {
        await this.#flush()
      })
    }, FLUSH_MS)
    this.#timer.unref()
  }

  record(
    keyId: KeyId,
    secretSequence: number,
    atMs: number,
    address: string | null,
    usedIn: string | null = null,
  ): void {
    // Most keys were never rolled. Their entry is named by the id itself, which saves a concatenation for each request.
    const own = secretSequence === 1 ? keyId : keyId + String(secretSequence)
    const name = usedIn === null ? own : `${usedIn} ${own}`
    const usage = this.#waiting.get(name)
    if (usage !== undefined) {
      usage.requests += 1
      usage.lastUsedAtMs = atMs
      usage.lastUsedAddress = address
    } else if (this.#waiting.size < WAITING_SECRETS_MAX) {
      this.#waiting.set(name, {
        keyId,
        secretSequence,
        usedIn,
        requests: 1,
        lastUsedAtMs: atMs,
        lastUsedAddress: address,
      })
    } else {
      this.#dropped += 1
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#flushing
    // Counts that an unavailable store does not accept now are lost, so that disposal ends quickly.
    let remaining = Infinity
    while (this.#waiting.size > 0 && this.#waiting.size < remaining) {
      remaining = this.#waiting.size
      await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    if (this.#dropped > 0) {
      this.#deps.onDropped(this.#dropped)
      this.#dropped = 0
    }
    if (this.#waiting.size === 0) return
    const rows = this.#take()
    try {
      await this.#deps.sink(rows.map(([, row]) => row))
    } catch (cause) {
      this.#deps.onFault(cause)
      for (const [name, row] of rows) this.#giveBack(name, row)
    }
  }

  /** Removes and returns the entries that have waited longest. */
  #take(): [string, SecretUsage][] {
    const taken: [string, SecretUsage][] = []
    for (const entry of this.#waiting) {
      if (taken.length === FLUSHED_SECRETS_MAX) break
      taken.push(entry)
      this.#waiting.delete(entry[0])
    }
    return taken
  }

  /** Merges a row that could not be stored into the counts made since. */
  #giveBack(name: string, row: SecretUsage): void {
    const newer = this.#waiting.get(name)
    if (newer !== undefined) newer.requests += row.requests
    else if (this.#waiting.size < WAITING_SECRETS_MAX) this.#waiting.set(name, row)
    else this.#dropped += row.requests
  }
}
