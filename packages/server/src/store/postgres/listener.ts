import { setTimeout } from 'node:timers/promises'
import pg from 'pg'

/** Writers announce new revisions on this channel. */
const CHANNEL = 'sallyport_changes'
/** Announces the revision $1 when the transaction commits. */
export const ANNOUNCE = `select pg_notify('${CHANNEL}', $1)`

const RECONNECT_MS_MIN = 100
const RECONNECT_MS_MAX = 5_000

/**
 * One connection that listens for announcements while there are callbacks. It reconnects when it is lost, and then
 * calls all callbacks, because it may have missed announcements. Meanwhile the gateways' regular polling finds new
 * revisions; announcements only make that faster.
 */
export class ChangeListener {
  readonly #config: pg.ClientConfig
  readonly #wakes = new Set<() => void>()
  #stop: AbortController | undefined
  #listening: Promise<void> = Promise.resolve()

  constructor(config: pg.ClientConfig) {
    this.#config = config
  }

  /** Calls `wake` after each announcement. Returns a function that stops it. */
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
      // Closing the listener aborts the pause.
      await setTimeout(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Listens until the connection is lost or `signal` aborts. Returns false when it could not connect. */
  async #listenOnce(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    const client = new pg.Client(this.#config)
    const over = Promise.withResolvers<void>()
    const end = (): void => over.resolve()
    // Without an error listener, a lost connection would crash the process.
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
      // The database cannot be reached; queries report that themselves.
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
