import { type Socket, connect } from 'node:net'
import { ResponseReader } from './response-reader.ts'
import { Latencies } from './latencies.ts'

/** The load to put on a server. */
export interface LoadPlan {
  readonly port: number
  /** Complete serialized requests; the connections send them in turn. */
  readonly requests: readonly Buffer[]
  readonly connections: number
  /** The expected status of every response. */
  readonly status: number
  /**
   * Polls for responses without sleeping, which needs a core for the load generator. Otherwise a server spends CPU time
   * on waking the load generator for each response, and the more often the slower the server is.
   */
  readonly staysAwake: boolean
}

export interface LoadFigures {
  readonly requests: number
  readonly elapsedMs: number
  readonly p50Micros: number
  readonly p99Micros: number
}

/** The size of each connection's reused read buffer. */
const READ_BYTES = 64 * 1024
/** The silence on a connection after which the server counts as hanging. */
const SILENCE_MS_MAX = 30_000

/**
 * Keep-alive connections with one request in flight each. Every connection has received a response before the
 * measurement starts, and every sent request has its response before it ends.
 */
export class Load implements Disposable {
  readonly #plan: LoadPlan
  readonly #connections: Connection[] = []
  #nextRequest = 0

  private constructor(plan: LoadPlan) {
    this.#plan = plan
  }

  /** @throws Error if the server is unreachable or the first response on a connection is wrong */
  static async open(plan: LoadPlan): Promise<Load> {
    const load = new Load(plan)
    try {
      for (let index = 0; index < plan.connections; index += 1) {
        load.#connections.push(await Connection.open(plan))
      }
      await load.run(0)
      return load
    } catch (cause) {
      load[Symbol.dispose]()
      throw cause
    }
  }

  /**
   * Sends requests for the given time, at least one on each connection.
   *
   * @throws Error if a response is wrong, a connection closes, or the server stops responding
   */
  async run(durationMs: number): Promise<LoadFigures> {
    const latencies = new Latencies()
    const startedAtMs = performance.now()
    const untilMs = startedAtMs + durationMs
    const next = (): Buffer => {
      const { requests } = this.#plan
      const request = requests[this.#nextRequest]
      if (request === undefined) throw new Error('the load plan has no requests')
      this.#nextRequest = (this.#nextRequest + 1) % requests.length
      return request
    }
    let isRunning = true
    const stayAwake = (): void => {
      // With a pending immediate, the event loop polls the kernel without blocking.
      if (isRunning) setImmediate(stayAwake)
    }
    if (this.#plan.staysAwake) stayAwake()
    try {
      await Promise.all(this.#connections.map((connection) => connection.run(next, untilMs, latencies)))
    } finally {
      isRunning = false
    }
    return {
      requests: latencies.count,
      elapsedMs: performance.now() - startedAtMs,
      p50Micros: latencies.percentileMicros(50),
      p99Micros: latencies.percentileMicros(99),
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close()
  }
}

class Connection {
  readonly #socket: Socket
  readonly #reader: ResponseReader
  #onResponse: () => void = () => undefined
  #onFault: (cause: Error) => void = () => undefined

  private constructor(plan: LoadPlan) {
    this.#reader = new ResponseReader(plan.status)
    const memory = Buffer.allocUnsafe(READ_BYTES)
    this.#socket = connect({
      port: plan.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: memory,
        callback: (bytes) => {
          this.#take(memory.subarray(0, bytes))
          return true
        },
      },
    })
    this.#socket.setTimeout(SILENCE_MS_MAX, () => {
      this.#onFault(new Error(`the server sent nothing for ${SILENCE_MS_MAX} ms`))
    })
    this.#socket.on('error', (cause) => {
      this.#onFault(cause)
    })
    this.#socket.on('close', () => {
      this.#onFault(new Error('the server closed a connection'))
    })
  }

  static async open(plan: LoadPlan): Promise<Connection> {
    const connection = new Connection(plan)
    await new Promise<void>((resolve, reject) => {
      connection.#onFault = reject
      connection.#socket.once('connect', resolve)
    })
    return connection
  }

  async run(next: () => Buffer, untilMs: number, latencies: Latencies): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      let sentAtMs = performance.now()
      this.#onFault = reject
      this.#onResponse = () => {
        // One clock reading ends a request and starts the next.
        const nowMs = performance.now()
        latencies.add(nowMs - sentAtMs)
        if (nowMs >= untilMs) {
          resolve()
          return
        }
        sentAtMs = nowMs
        this.#socket.write(next())
      }
      this.#socket.write(next())
    })
  }

  close(): void {
    this.#onFault = () => undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    try {
      if (this.#reader.take(chunk)) this.#onResponse()
    } catch (cause) {
      this.#onFault(cause instanceof Error ? cause : new Error(String(cause)))
    }
  }
}
