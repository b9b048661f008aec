import { once } from 'node:events'
import { createServer, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A request with an empty body. */
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** A server that answers `/quick` at once and everything else when a test does, and connections to it on which tests send raw text. */
export class SlowServer implements Disposable {
  readonly server: Server
  /** The responses to all requests. */
  readonly responses: ServerResponse[] = []
  readonly #sockets: Socket[] = []

  private constructor(options: ServerOptions) {
    this.server = createServer(options, (request, response) => {
      this.responses.push(response)
      if (request.url === '/quick') response.end('done')
    })
  }

  static async start(options: ServerOptions = {}): Promise<SlowServer> {
    const started = new SlowServer(options)
    started.server.listen(0, '127.0.0.1')
    await once(started.server, 'listening')
    return started
  }

  /** Opens a connection, and sends something. */
  async open(text: string): Promise<Socket> {
    const socket = connect((this.server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('error', () => undefined)
    this.#sockets.push(socket)
    await once(socket, 'connect')
    if (text !== '') socket.write(text)
    return socket
  }

  [Symbol.dispose](): void {
    this.server.closeAllConnections()
    this.server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}
