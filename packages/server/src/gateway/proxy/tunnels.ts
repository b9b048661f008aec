import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { DenyReason } from '@sallyport/core'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { Exchange } from '../exchanges/exchange.ts'
import { entryOf, headersOn } from '../response/gateway-response.ts'
import { FrameBoundary, policyCloseFrame } from './frame-boundary.ts'

/** How long a caller may take to close its side after the close frame, in ms. */
const CLOSE_MS = 2_000

/** Upgraded connections: pairs of sockets, each piped into the other. */
export class Tunnels {
  readonly #open = new Set<Socket>()

  get size(): number {
    return this.#open.size
  }

  /**
   * Confirms the upgrade to the caller and joins the two connections.
   *
   * @param headers the upstream's headers for the caller, as alternating names and values
   * @param idleMs closes the tunnel after this time without data in either direction
   */
  open(admitted: AdmittedRequest, upstreamStream: Duplex, headers: string[], idleMs: number): void {
    const { request, response, requestId } = admitted
    // undici connects over TCP or TLS, and both streams are sockets.
    const upstream = upstreamStream as Socket
    const caller = request.socket
    const entry = entryOf(response)
    response.detachSocket(caller)
    let head = 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n'
    const kept = headersOn(response, headers)
    for (let index = 0; index + 1 < kept.length; index += 2) {
      head += `${kept[index] ?? ''}: ${kept[index + 1] ?? ''}\r\n`
    }
    caller.write(`${head}\r\n`, 'latin1')
    this.#open.add(caller)
    // One side may end its direction while the other continues.
    caller.allowHalfOpen = true
    upstream.allowHalfOpen = true
    caller.setNoDelay(true)
    upstream.setNoDelay(true)
    caller.on('error', () => upstream.destroy())
    const end = (): void => {
      entry?.cut()
      caller.destroy()
    }
    upstream.on('error', end)
    const { exchange } = admitted
    const frames = new FrameBoundary()
    exchange.owner = { cut: (reason) => cutTunnel(caller, upstream, frames, reason) }
    caller.on('close', () => {
      this.#open.delete(caller)
      exchange.close()
      if (exchange.cutReason !== null) {
        entry?.failed(exchange.cutReason, requestId)
        entry?.cut()
      }
      // The upstream has ended, and the caller has everything that it sent.
      entry?.close(101, exchange.cutReason === null && caller.writableFinished)
      upstream.destroySoon()
    })
    upstream.on('close', () => {
      if (exchange.cutReason === null) caller.destroySoon()
    })
    // Data read on one side is written to the other, so one socket's timeout covers both directions.
    caller.setTimeout(idleMs, () => {
      end()
      upstream.destroy()
    })
    passOn(caller, upstream, exchange, (chunk) => {
      if (entry !== null) entry.requestBytes += chunk.length
    })
    passOn(upstream, caller, exchange, (chunk) => {
      frames.track(chunk)
      if (entry !== null) entry.responseBytes += chunk.length
    })
  }

  /** Closes all tunnels. */
  destroyAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

/**
 * Writes what one socket receives to the other, with backpressure. After a cut it discards the rest.
 *
 * @param onPassed called with each chunk before it is written
 */
function passOn(from: Socket, to: Socket, exchange: Exchange, onPassed: (chunk: Buffer) => void): void {
  const resume = (): void => {
    from.resume()
  }
  from.on('data', (chunk: Buffer) => {
    if (!exchange.mayPass()) {
      if (exchange.cutReason !== null) return
      from.pause()
      from.unshift(chunk)
      exchange.whenOpen(resume)
      return
    }
    onPassed(chunk)
    if (to.write(chunk)) return
    from.pause()
    to.once('drain', resume)
  })
  from.on('end', () => to.end())
  from.resume()
}

/**
 * Ends a tunnel that is no longer allowed. The caller gets a close frame if one can follow the bytes that it already has:
 * between two frames, and with none of them waiting to be sent. Otherwise its connection is reset.
 */
function cutTunnel(caller: Socket, upstream: Socket, frames: FrameBoundary, reason: DenyReason): void {
  const canSend = caller.writable && caller.writableLength === 0 && frames.isAtBoundary && !frames.isClosing
  upstream.destroy()
  if (!canSend) {
    caller.resetAndDestroy()
    return
  }
  caller.end(policyCloseFrame(reason))
  // What the caller still sends is discarded: closing with unread bytes would reset the connection and lose the frame.
  caller.setTimeout(0)
  caller.on('end', () => caller.destroy())
  caller.resume()
  const timer = setTimeout(() => caller.destroy(), CLOSE_MS).unref()
  caller.on('close', () => clearTimeout(timer))
}
