import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

type Question = 'held' | 'release'

/**
 * An upstream that answers at once, except below `/hang`, in a thread of its own: what the test does meanwhile does not
 * delay it. All of 127.0.0.0/8 leads to it, so that it has thousands of origins.
 */
export class UpstreamThread implements AsyncDisposable {
  readonly port: number
  readonly #worker: Worker

  private constructor(worker: Worker, port: number) {
    this.#worker = worker
    this.port = port
  }

  static async start(): Promise<UpstreamThread> {
    const worker = new Worker(new URL(import.meta.url))
    const [port] = (await once(worker, 'message')) as [number]
    return new UpstreamThread(worker, port)
  }

  /** How many requests wait for their answers. */
  async held(): Promise<number> {
    return await this.#ask('held')
  }

  /** Answers the requests that wait. */
  async release(): Promise<void> {
    await this.#ask('release')
  }

  async #ask(question: Question): Promise<number> {
    this.#worker.postMessage(question)
    const [answer] = (await once(this.#worker, 'message')) as [number]
    return answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const held = new Set<ServerResponse>()
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    request.resume()
    if (request.url?.startsWith('/hang') !== true) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
      return
    }
    held.add(response)
    response.on('close', () => held.delete(response))
  })
  server.listen(0, '0.0.0.0', () => port.postMessage((server.address() as AddressInfo).port))
  port.on('message', (question: Question) => {
    if (question === 'release') for (const response of held) response.end('{}')
    port.postMessage(held.size)
  })
}
