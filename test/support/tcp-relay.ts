import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

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
  const url = new URL(serverUrl)
  const target = { host: url.hostname, port: Number(url.port) }
  const sockets = new Set<Socket>()
  let isCut = false
  let isStalled = false
  let isHeld = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((client) => {
    keep(client)
    if (isCut) {
      client.destroy()
      return
    }
    const upstream = keep(connect(target))
    const pair = [client, upstream] as const
    pairs.add(pair)
    client.on('close', () => pairs.delete(pair))
    if (!isStalled && !isHeld) client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut,
    mend() {
      // A connection that was stalled cannot go on, because its bytes were lost.
      if (isStalled) for (const socket of sockets) socket.destroy()
      isCut = false
      isStalled = false
    },
    stall() {
      isStalled = true
      for (const socket of sockets) {
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
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
