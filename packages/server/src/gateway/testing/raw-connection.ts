import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const RETRY_MS = 50

/** A TCP connection for sending bytes that no HTTP client would send. */
export class RawConnection implements AsyncDisposable {
  readonly socket: Socket
  /** Joined when they are read, so that a long stream is not copied with each chunk. */
  #received: Buffer[] = []
  /** Whether the other side has ended the connection. */
  #isOver = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk)
      this.#wake()
    })
    const over = (): void => {
      this.#isOver = true
      this.#wake()
    }
    socket.on('end', over)
    // A reset ends it too; the bytes received before it count.
    socket.on('error', over)
    socket.on('close', over)
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** Opens a connection, sends one request, and returns everything received until the other side closes. */
  static async exchange(port: number, bytes: string): Promise<string> {
    await using connection = await RawConnection.open(port)
    connection.send(bytes)
    return await connection.closed()
  }

  /** Everything received so far, one character per byte. */
  get text(): string {
    const all = Buffer.concat(this.#received)
    this.#received = [all]
    return all.toString('latin1')
  }

  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** Waits for a text, and returns everything received so far. */
  async until(wanted: string | RegExp): Promise<string> {
    return await this.untilHas(
      (text) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)),
      String(wanted),
    )
  }

  /** Waits until everything received so far meets a condition, and returns it. */
  async untilHas(isEnough: (text: string) => boolean, wanted = 'what is wanted'): Promise<string> {
    while (!isEnough(this.text)) {
      if (this.#isOver) {
        throw new Error(`closed before ${wanted} was received; received: ${this.text.slice(0, 2000)}`)
      }
      await this.#nextEvent()
    }
    return this.text
  }

  /** Waits until the other side has closed, and returns everything received. */
  async closed(): Promise<string> {
    while (!this.#isOver) await this.#nextEvent()
    return this.text
  }

  /** Waits until the other side has left entirely, so that it resets the connection for each byte that it gets. */
  async refusesBytes(): Promise<void> {
    while (!this.socket.destroyed) {
      this.send('x')
      await setTimeout(RETRY_MS)
    }
  }

  /** Leaves with a reset, which the other side notices at once: it could take a closed sending side for a waiting caller. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.closed) return
    if (this.socket.writableEnded) this.socket.destroy()
    else this.socket.resetAndDestroy()
    await once(this.socket, 'close')
  }

  #nextEvent(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
