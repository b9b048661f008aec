import type { Server as HttpServer, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { halfClose } from './half-close.ts'

/**
 * How long an idle connection stays open during a drain, in ms. A request that was under way to the server when the
 * drain began arrives in this time, and its answer says that the connection closes.
 */
const IDLE_MS = 1_000
/** How long the peer of a connection may take to close its side after the server closed its own, in ms. */
const HALF_CLOSED_MS = 500
/** How often a drain looks for connections that have become idle, in ms. */
const CHECK_MS = 25

/** Node.js has no public property for the response that a connection is sending. */
type ConnectionSocket = Socket & { readonly _httpMessage?: ServerResponse | null }

/** What the drain knows of an idle connection. */
interface Silence {
  readonly sinceMs: number
  readonly bytesRead: number
}

/**
 * Closes the connections of an HTTP server without an interrupted answer and without a reset. `Server.close()` of
 * Node.js is not enough: it closes idle connections at once, also when a request is on its way, it cuts answers that are
 * complete but not yet sent, and answers in progress keep saying that the connection stays open.
 */
export class ConnectionDrain {
  readonly #server: HttpServer
  readonly #connections = new Set<ConnectionSocket>()
  /** The newest response of each connection, if it was not sent at once. */
  readonly #newest = new WeakMap<Socket, ServerResponse>()
  /** Responses that close their connection only because of the drain. */
  readonly #closing = new WeakSet<ServerResponse>()
  readonly #silences = new WeakMap<Socket, Silence>()
  #isDraining = false

  constructor(server: HttpServer) {
    this.#server = server
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
  }

  get isDraining(): boolean {
    return this.#isDraining
  }

  /** Records a response in progress. Unnecessary for one that has ended and waits for no earlier response. */
  began(response: ServerResponse): void {
    this.#newest.set(response.req.socket, response)
  }

  /** The newest recorded response of a connection. It may have finished. */
  newestOn(socket: Socket): ServerResponse | undefined {
    return this.#newest.get(socket)
  }

  /** Leaves a connection to its new protocol. The drain still waits for its end. */
  release(socket: Socket): void {
    this.#connections.delete(socket)
  }

  /**
   * Whether a request may be processed. During the drain, its answer becomes the last one on its connection.
   *
   * @returns false if the connection ends with an earlier answer. Such a request must not be processed (RFC 9112
   * section 9.6): its client cannot learn that it was, and sends it again
   */
  admits(response: ServerResponse): boolean {
    const { socket } = response.req
    const earlier = this.#unfinished(socket)
    if (!socket.writable || socket.writableEnded) return false
    if (earlier !== undefined && earlier !== response && !earlier.shouldKeepAlive) {
      // A client may have sent several requests at once (RFC 9112 section 9.3.2). The last answer closes.
      if (earlier.headersSent || !this.#closing.delete(earlier)) return false
      earlier.shouldKeepAlive = true
    }
    if (!this.#isDraining) return true
    this.#close(response)
    this.began(response)
    return true
  }

  /**
   * Stops listening, waits for the responses in progress, and closes each connection after its last response. Idle
   * connections stay open for a moment.
   *
   * @param graceMs how long responses in progress may take
   * @param force called once after the grace if connections remain; it must end them
   */
  async drain(graceMs: number, force: () => void): Promise<void> {
    this.#isDraining = true
    for (const socket of this.#connections) {
      const response = this.#unfinished(socket)
      if (response?.headersSent === false) this.#close(response)
    }
    // The system has accepted connections that Node.js has not seen yet. They would be reset with the listener.
    await setImmediate()
    const timers = [setInterval(() => this.#closeIdle(), CHECK_MS), setTimeout(force, graceMs)]
    try {
      // The method of net.Server, because that of http.Server closes idle connections at once.
      await new Promise<void>((resolve) => NetServer.prototype.close.call(this.#server, () => resolve()))
    } finally {
      for (const timer of timers) clearTimeout(timer)
      // Ends the checks of timeouts; nothing else is left to close.
      this.#server.close()
    }
  }

  #close(response: ServerResponse): void {
    if (!response.shouldKeepAlive) return
    response.shouldKeepAlive = false
    this.#closing.add(response)
  }

  #unfinished(socket: ConnectionSocket): ServerResponse | undefined {
    const newest = this.#newest.get(socket)
    if (newest?.writableFinished === false) return newest
    const { _httpMessage: current } = socket
    return current ?? undefined
  }

  #closeIdle(): void {
    const nowMs = performance.now()
    for (const socket of this.#connections) {
      const { bytesRead, bytesWritten } = socket
      const isFirstRequestArriving = bytesRead > 0 && bytesWritten === 0
      const silence = this.#silences.get(socket)
      if (this.#unfinished(socket) !== undefined || isFirstRequestArriving) {
        this.#silences.delete(socket)
      } else if (silence?.bytesRead !== bytesRead) {
        this.#silences.set(socket, { sinceMs: nowMs, bytesRead })
      } else if (nowMs - silence.sinceMs >= IDLE_MS) {
        this.#finish(socket)
      }
    }
  }

  #finish(socket: Socket): void {
    this.#connections.delete(socket)
    halfClose(socket, HALF_CLOSED_MS)
  }
}
