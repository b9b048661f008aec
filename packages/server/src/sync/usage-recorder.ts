import type { KeyId } from '@sallyport/core'

/** How often one secret was used since the last flush. */
export interface SecretUsage {
  readonly keyId: KeyId
  readonly secretSequence: number
  requests: number
  lastUsedAtMs: number
  lastUsedAddress: string | null
}

export interface UsageRecorderDeps {
  /** Where the counts go; rejects when they could not be kept. */
  readonly sink: (rows: readonly SecretUsage[]) => Promise<void>
  readonly onFault: (cause: unknown) => void
  /** Told how many uses were not counted because too many secrets wait to be flushed. */
  readonly onDropped: (uses: number) => void
}

/** Counts are flushed this often, so no request waits on a write. */
const FLUSH_MS = 1000
/** At most so many secrets are flushed at once: SQLite takes them within this very thread. */
const FLUSHED_SECRETS_MAX = 2000
/** How many secrets can wait while the store is away; the uses of further ones go uncounted. */
const WAITING_SECRETS_MAX = 200_000

/** Counts the use of secrets in memory and hands the sums on each second, the last time when it is disposed. */
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

  record(keyId: KeyId, secretSequence: number, atMs: number, address: string | null): void {
    // Most keys were never rolled: then the name is the id itself, and nothing is put together for each request.
    const name = secretSequence === 1 ? keyId : keyId + String(secretSequence)
    const usage = this.#waiting.get(name)
    if (usage !== undefined) {
      usage.requests += 1
      usage.lastUsedAtMs = atMs
      usage.lastUsedAddress = address
    } else if (this.#waiting.size < WAITING_SECRETS_MAX) {
      this.#waiting.set(name, {
        keyId,
        secretSequence,
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
    // What a store that is away does not take now is lost: the end does not wait for it.
    let left = Infinity
    while (this.#waiting.size > 0 && this.#waiting.size < left) {
      left = this.#waiting.size
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

  /** Takes out those that have waited longest. */
  #take(): [string, SecretUsage][] {
    const taken: [string, SecretUsage][] = []
    for (const entry of this.#waiting) {
      if (taken.length === FLUSHED_SECRETS_MAX) break
      taken.push(entry)
      this.#waiting.delete(entry[0])
    }
    return taken
  }

  /** Adds a row that could not be kept to what has been counted since. */
  #giveBack(name: string, row: SecretUsage): void {
    const newer = this.#waiting.get(name)
    if (newer !== undefined) newer.requests += row.requests
    else if (this.#waiting.size < WAITING_SECRETS_MAX) this.#waiting.set(name, row)
    else this.#dropped += row.requests
  }
}
