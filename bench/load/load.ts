import { type Socket, connect } from 'node:net'
import { AnswerReader } from './answer-reader.ts'
import { Latencies } from './latencies.ts'

/** What is asked of a server, over and over. */
export interface LoadPlan {
  readonly port: number
  /** Whole requests, each ready to be written; the connections take them in turn. */
  readonly requests: readonly Buffer[]
  readonly connections: number
  /** The status that every answer must have. */
  readonly status: number
}

export interface LoadFigures {
  readonly requests: number
  readonly elapsedMs: number
  readonly p50Micros: number
  readonly p99Micros: number
}

/** Each connection reads into memory of its own of this size, over and over. */
const READ_BYTES = 64 * 1024
/** A connection on which nothing comes for so long means that the server hangs. */
const SILENCE_MS_MAX = 30_000

/**
 * Keep-alive connections with one request in flight each. Every connection has had an answer before the clock starts,
 * and every request that was sent has its answer before it stops.
 */
export class Load implements Disposable {
  readonly #plan: LoadPlan
  readonly #connections: Connection[] = []
  #nextRequest = 0

  private constructor(plan: LoadPlan) {
    this.#plan = plan
  }

  /** @throws Error when the server cannot be reached, or gives a connection another first answer than it should */
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
   * Asks for that long, at least once on each connection.
   *
   * @throws Error when an answer is wrong, a connection ends, or nothing comes any more
   */
  async run(durationMs: number): Promise<LoadFigures> {
    const latencies = new Latencies()
    const startedAtMs = performance.now()
    const untilMs = startedAtMs + durationMs
    const next = (): Buffer => {
      const { requests } = this.#plan
      const request = requests[this.#nextRequest]
      if (request === undefined) throw new Error('there is nothing to ask')
      this.#nextRequest = (this.#nextRequest + 1) % requests.length
      return request
    }
    await Promise.all(this.#connections.map((connection) => connection.ask(next, untilMs, latencies)))
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
  readonly #reader: AnswerReader
  #onAnswer: () => void = () => undefined
  #onFault: (cause: Error) => void = () => undefined

  private constructor(plan: LoadPlan) {
    this.#reader = new AnswerReader(plan.status)
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
      this.#onFault(new Error(`nothing came for ${SILENCE_MS_MAX} ms`))
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

  async ask(next: () => Buffer, untilMs: number, latencies: Latencies): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      let askedAtMs = performance.now()
      this.#onFault = reject
      this.#onAnswer = () => {
        // One reading of the clock ends a request and starts the next.
        const nowMs = performance.now()
        latencies.add(nowMs - askedAtMs)
        if (nowMs >= untilMs) {
          resolve()
          return
        }
        askedAtMs = nowMs
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
      if (this.#reader.take(chunk)) this.#onAnswer()
    } catch (cause) {
      this.#onFault(cause instanceof Error ? cause : new Error(String(cause)))
    }
  }
}
