import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly origin: string
  /** Sets what answers. */
  answerWith(listener: RequestListener): void
}

const notFound: RequestListener = (_request, response) => void response.writeHead(404).end()

/** A server on a free port of this machine that answers as the test says. */
export async function listening(): Promise<Listening> {
  let answer = notFound
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith(listener) {
      answer = listener
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
