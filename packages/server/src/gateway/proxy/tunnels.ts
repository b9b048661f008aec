import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Call } from '../deployment/admitted-request.ts'

/** Connections that have switched to another protocol: two sockets, piped into each other. */
export class Tunnels {
  readonly #open = new Set<Socket>()

  get size(): number {
    return this.#open.size
  }

  /**
   * Tells the caller that the protocol is switched and joins the two connections.
   *
   * @param headers of the upstream's 101, names and values in turn, without those of the connection
   * @param idleMs ends the tunnel when nothing moved in either direction for so long
   */
  open(call: Call, upstreamStream: Duplex, headers: readonly string[], idleMs: number): void {
    const { request, response } = call
    // undici connects over TCP or TLS, whose streams are both sockets.
    const upstream = upstreamStream as Socket
    const caller = request.socket
    response.detachSocket(caller)
    let head = 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n'
    for (let index = 0; index + 1 < headers.length; index += 2) {
      head += `${headers[index] ?? ''}: ${headers[index + 1] ?? ''}\r\n`
    }
    caller.write(`${head}\r\n`, 'latin1')
    this.#open.add(caller)
    // One side may have said all it has to say while the other goes on.
    caller.allowHalfOpen = true
    upstream.allowHalfOpen = true
    caller.setNoDelay(true)
    upstream.setNoDelay(true)
    caller.on('error', () => upstream.destroy())
    upstream.on('error', () => caller.destroy())
    caller.on('close', () => {
      this.#open.delete(caller)
      upstream.destroySoon()
    })
    upstream.on('close', () => caller.destroySoon())
    // Whatever is read on one side is written to the other, so one side's clock sees both directions.
    caller.setTimeout(idleMs, () => {
      caller.destroy()
      upstream.destroy()
    })
    caller.pipe(upstream)
    upstream.pipe(caller)
  }

  /** Cuts all of them. */
  destroyAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
