import { setTimeout } from 'node:timers/promises'
import pg from 'pg'

/** The channel on which writers say that there is a new revision. */
const CHANNEL = 'sallyport_changes'
/** The statement with which a transaction announces a revision ($1) at its commit. */
export const ANNOUNCE = `select pg_notify('${CHANNEL}', $1)`

const RECONNECT_MS_MIN = 100
const RECONNECT_MS_MAX = 5_000

/**
 * One connection that hears what writers announce, for as long as somebody wants to know. When it is lost it is made
 * again, and everybody is woken, since something may have been announced meanwhile. Until then the followers' own
 * looking has to do: announcements only ever save them time.
 */
export class ChangeListener {
  readonly #config: pg.ClientConfig
  readonly #wakes = new Set<() => void>()
  #stop: AbortController | undefined
  #listening: Promise<void> = Promise.resolve()

  constructor(config: pg.ClientConfig) {
    this.#config = config
  }

  /** Calls back after each announcement. Returns the function that ends it. */
  listen(wake: () => void): () => void {
    this.#wakes.add(wake)
    if (this.#stop === undefined) {
      const stop = new AbortController()
      this.#stop = stop
      this.#listening = this.#listening.then(() => this.#keepListening(stop.signal))
    }
    return () => {
      this.#wakes.delete(wake)
      if (this.#wakes.size === 0) this.#end()
    }
  }

  #end(): void {
    this.#stop?.abort()
    this.#stop = undefined
  }

  #wakeAll(): void {
    for (const wake of this.#wakes) wake()
  }

  async #keepListening(signal: AbortSignal): Promise<void> {
    let pauseMs = RECONNECT_MS_MIN
    while (!signal.aborted) {
      const listened = await this.#listenOnce(signal)
      pauseMs = listened ? RECONNECT_MS_MIN : Math.min(pauseMs * 2, RECONNECT_MS_MAX)
      // A wait that is cut short by the end needs no answer.
      await setTimeout(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Listens until the connection is lost or no longer wanted; false when there was none to be had. */
  async #listenOnce(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    const client = new pg.Client(this.#config)
    const over = Promise.withResolvers<void>()
    const end = (): void => over.resolve()
    // An error of the connection is followed by its end; without a listener it would end the process instead.
    client.on('error', end)
    client.on('end', end)
    client.on('notification', () => this.#wakeAll())
    signal.addEventListener('abort', end, { once: true })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      this.#wakeAll()
      await over.promise
      return true
    } catch {
      // The database cannot be reached now. Whoever needs it finds out by asking it something.
      return false
    } finally {
      signal.removeEventListener('abort', end)
      await client.end().catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    this.#wakes.clear()
    this.#end()
    await this.#listening
  }
}
