import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A message that a receiver got. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What a receiver answers. */
export interface ReceiverAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A receiver of webhooks on loopback. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  /** Every message, also those that it refused. */
  readonly received: Received[]
  /** Null for no answer at all. */
  answer: (message: Received) => ReceiverAnswer | null
  /** Ends all connections, also those that wait for an answer. */
  hangUp(): void
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const handle = async (): Promise<void> => {
      const message = { path: request.url ?? '', headers: request.headers, body: await text(request) }
      received.push(message)
      const answer = receiver.answer(message)
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body)
    }
    handle().then(
      () => undefined,
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: () => ({ status: 204 }),
    hangUp: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}
