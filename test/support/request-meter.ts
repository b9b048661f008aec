import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

/** One request to measure. */
export interface MeteredRequest {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The response to a measured request, and its time in ms. Status 0 is a broken connection. */
export interface MeteredReply {
  readonly status: number
  readonly body: string
  readonly ms: number
}

/**
 * Sends requests one after the other and measures their times in a thread of its own, so that the other callers of a test
 * do not delay it.
 */
export class RequestMeter implements AsyncDisposable {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
  }

  static async start(): Promise<RequestMeter> {
    const worker = new Worker(new URL(import.meta.url))
    await once(worker, 'message')
    return new RequestMeter(worker)
  }

  async measure(requests: readonly MeteredRequest[]): Promise<readonly MeteredReply[]> {
    this.#worker.postMessage(requests)
    const [replies] = (await once(this.#worker, 'message')) as [readonly MeteredReply[]]
    return replies
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}

async function send(
  agent: Agent,
  { url, method = 'GET', headers = {}, body }: MeteredRequest,
): Promise<MeteredReply> {
  const { promise, resolve } = Promise.withResolvers<MeteredReply>()
  const startedAtMs = performance.now()
  const end = (status: number, text: string): void =>
    resolve({ status, body: text, ms: performance.now() - startedAtMs })
  const request = httpRequest(url, { agent, method, headers }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.on('end', () => end(response.statusCode ?? 0, text))
    response.on('error', () => end(0, ''))
  })
  request.on('error', (error) => end(0, String(error)))
  request.end(body)
  return await promise
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  port.on('message', async (requests: readonly MeteredRequest[]) => {
    const replies: MeteredReply[] = []
    for (const one of requests) replies.push(await send(agent, one))
    port.postMessage(replies)
  })
  port.postMessage('ready')
}
