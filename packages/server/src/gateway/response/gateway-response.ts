import { ServerResponse, type IncomingMessage } from 'node:http'
import type { RequestEntry } from '../../requests/request-entry.ts'

/** A response of the gateway, which notes its end and the size of its body in the entry of its request. */
export class GatewayResponse extends ServerResponse {
  /** Null for a request that is not recorded. */
  entry: RequestEntry | null = null

  constructor(request: IncomingMessage, options?: object) {
    // Node.js passes options, which its types do not declare.
    super(...([request, options] as unknown as [IncomingMessage]))
    this.on('close', closed)
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    this.#count(chunk, encoding)
    return super.write(chunk, encoding as BufferEncoding, callback as () => void)
  }

  override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    this.#count(chunk, encoding)
    return super.end(chunk, encoding as BufferEncoding, callback as () => void)
  }

  #count(chunk: unknown, encoding: unknown): void {
    // The answer to HEAD has no body, also if one is written.
    if (this.entry === null || this.req.method === 'HEAD') return
    if (typeof chunk === 'string') {
      this.entry.responseBytes += encoding === 'latin1' ? chunk.length : Buffer.byteLength(chunk)
    } else if (chunk instanceof Uint8Array) this.entry.responseBytes += chunk.length
  }
}

/** The entry of a response's request; null if the request is not recorded. */
export function entryOf(response: ServerResponse): RequestEntry | null {
  return response instanceof GatewayResponse ? response.entry : null
}

/** Leaves a request out of the records: it is about the gateway, and not about a pipeline. */
export function withoutEntry(response: ServerResponse): void {
  if (response instanceof GatewayResponse) response.entry = null
}

/** One function for all responses, so that none needs a closure. */
function closed(this: GatewayResponse): void {
  this.entry?.close(this.headersSent ? this.statusCode : null, this.writableFinished)
}
