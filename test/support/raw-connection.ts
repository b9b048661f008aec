import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A TCP connection that a test writes bytes to, for requests that no HTTP client would send. */
export class RawConnection implements AsyncDisposable {
  readonly socket: Socket
  #received = Buffer.alloc(0)
  #isClosed = false
  #wasReset = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
    socket.on('error', () => {
      this.#wasReset = true
    })
    socket.on('close', () => {
      this.#isClosed = true
    })
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** Opens a connection, sends one request, and gives everything that comes until the other side closes. */
  static async exchange(port: number, bytes: string): Promise<string> {
    await using connection = await RawConnection.open(port)
    connection.send(bytes)
    return await connection.closed()
  }

  /** What has come so far, a character a byte. */
  get text(): string {
    return this.#received.toString('latin1')
  }

  get wasReset(): boolean {
    return this.#wasReset
  }

  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** Waits until something has come, and gives everything that has come so far. */
  async until(wanted: string | RegExp): Promise<string> {
    while (!(typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text))) {
      if (this.#isClosed || this.socket.readableEnded) {
        throw new Error(`closed before ${String(wanted)} came; came: ${this.text.slice(0, 2000)}`)
      }
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'end'), closeOf(this.socket)])
    }
    return this.text
  }

  /** Waits until the other side has closed, and gives everything that came. */
  async closed(): Promise<string> {
    if (!this.#isClosed && !this.socket.readableEnded) {
      this.socket.resume()
      await Promise.race([once(this.socket, 'end'), closeOf(this.socket)])
    }
    return this.text
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return
    this.socket.destroy()
    await closeOf(this.socket)
  }
}

/** Unlike `once`, not rejected by an error, which is how a reset connection ends. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
}
