import type { Socket } from 'node:net'
import { startRelayServer } from './relay-server.ts'

/** A relay in front of a server, whose connections can be cut. */
export interface TcpRelay extends AsyncDisposable {
  /** The server's URL with the address of the relay. */
  readonly url: string
  /** Closes all connections, and refuses new ones until `mend`. */
  cut(): void
  mend(): void
  /** Keeps all connections open and passes nothing on, as a server that hangs; new connections are accepted. */
  stall(): void
  /** Holds back what both sides send, until `release` passes it on. */
  hold(): void
  release(): void
  /** Holds back what the server sends, until `release` passes it on. */
  holdAnswers(): void
}

/** Starts a relay in front of the server of a URL. */
export async function startTcpRelay(serverUrl: string): Promise<TcpRelay> {
  let isCut = false
  let isStalled = false
  let isHeld = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const relay = await startRelayServer(serverUrl, (client, upstream) => {
    if (isCut) {
      client.destroy()
      return
    }
    const pair = [client, upstream] as const
    pairs.add(pair)
    client.on('close', () => pairs.delete(pair))
    if (!isStalled && !isHeld) client.pipe(upstream).pipe(client)
  })
  return {
    url: relay.url,
    cut() {
      isCut = true
      relay.closeAll()
    },
    mend() {
      // A connection that was stalled cannot go on, because its bytes were lost.
      if (isStalled) relay.closeAll()
      isCut = false
      isStalled = false
    },
    stall() {
      isStalled = true
      for (const socket of [...pairs].flat()) {
        socket.unpipe()
        socket.resume()
      }
    },
    hold() {
      isHeld = true
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause()
        upstream.unpipe(client).pause()
      }
    },
    holdAnswers() {
      for (const [client, upstream] of pairs) upstream.unpipe(client).pause()
    },
    release() {
      isHeld = false
      for (const [client, upstream] of pairs) client.pipe(upstream).pipe(client)
    },
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  }
}
