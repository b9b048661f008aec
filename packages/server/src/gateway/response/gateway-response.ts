import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { CompressedBody, Compression } from '../compression/compression.ts'
import type { RequestEntry } from '../../requests/request-entry.ts'
import { withoutForeignCookies, type OtherHosts } from './other-hosts.ts'
import { keepWithin } from './shared-origin.ts'

/** Node.js passes options, which its types do not declare. */
const ServerResponseWithOptions = ServerResponse as unknown as Omit<typeof ServerResponse, never> &
  (new (request: IncomingMessage, options?: object) => ServerResponse)

/** A response of the gateway, which notes its end and the size of its body in the entry of its request. */
export class GatewayResponse extends ServerResponseWithOptions {
  /** Null for a request that is not recorded. */
  entry: RequestEntry | null = null
  /** Called once when the response gets its connection, if it does not have it yet. */
  onTurn: (() => void) | null = null
  /** See `whenClosed`. */
  onClosed: (() => void) | null = null
  /** The path of the request's environment if others share its origin; null if not, or for no environment. */
  sharedPath: string | null = null
  /** The hosts that its cookies must not reach; null for those of a shared host, which have no domain at all. */
  otherHosts: OtherHosts | null = null
  /** How it is compressed if it suits; null if it is sent as it is. */
  compression: Compression | null = null
  /** The compression of its body, from its head on. */
  compressed: CompressedBody | null = null

  constructor(request: IncomingMessage, options?: object) {
    super(request, options)
    this.on('close', closed)
  }

  override assignSocket(socket: Socket): void {
    super.assignSocket(socket)
    const { onTurn } = this
    this.onTurn = null
    onTurn?.()
  }

  override writeHead(status: number, headers?: unknown): this {
    const own = Array.isArray(headers) ? headersOn(this, headers as string[]) : undefined
    if (this.compression === null || own === undefined) return super.writeHead(status, own)
    const { headers: sent, start } = this.compression.begin(this, status, own)
    this.compression = null
    super.writeHead(status, sent)
    if (start !== null) {
      this.compressed = start({
        write: (chunk) => {
          if (this.entry !== null) this.entry.responseBytes += chunk.length
          return super.write(chunk)
        },
        end: () => super.end(),
      })
    }
    return this
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    if (this.compressed !== null) return this.compressed.write(bytesOf(chunk, encoding))
    if (this.entry !== null) count(this, this.entry, chunk, encoding)
    return super.write(chunk, encoding as BufferEncoding, callback as () => void)
  }

  override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    if (this.compressed !== null) {
      this.compressed.end(chunk === undefined ? undefined : bytesOf(chunk, encoding))
      return this
    }
    if (this.entry !== null && chunk !== undefined) count(this, this.entry, chunk, encoding)
    return super.end(chunk, encoding as BufferEncoding, callback as () => void)
  }
}

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding as BufferEncoding | undefined)
  return chunk as Buffer
}

/** Adds the size of a chunk. A function, because a private method would have to be checked for each response. */
function count(response: GatewayResponse, entry: RequestEntry, chunk: unknown, encoding: unknown): void {
  // The answer to HEAD has no body, also if one is written.
  if (response.req.method === 'HEAD') return
  if (typeof chunk === 'string') {
    entry.responseBytes += encoding === 'latin1' ? chunk.length : Buffer.byteLength(chunk)
  } else if (chunk instanceof Uint8Array) entry.responseBytes += chunk.length
}

/**
 * The headers that a response may have on its origin.
 *
 * @param headers alternating names and values
 */
export function headersOn(response: ServerResponse, headers: string[]): string[] {
  if (!(response instanceof GatewayResponse)) return headers
  const { sharedPath, otherHosts } = response
  if (sharedPath !== null) return keepWithin(headers, sharedPath)
  return otherHosts === null ? headers : withoutForeignCookies(headers, otherHosts)
}

/** The entry of a response's request; null if the request is not recorded. */
export function entryOf(response: ServerResponse): RequestEntry | null {
  return response instanceof GatewayResponse ? response.entry : null
}

/** Calls back once the response has been sent or its connection is closed. A further listener takes 1 % of the time of a proxied request. */
export function whenClosed(response: ServerResponse, callback: () => void): void {
  if (response instanceof GatewayResponse && response.onClosed === null) response.onClosed = callback
  else response.on('close', callback)
}

/** Whether a response takes no more until it emits `drain`. */
export function needsDrain(response: ServerResponse): boolean {
  const compressed = response instanceof GatewayResponse ? response.compressed : null
  return compressed === null ? response.writableNeedDrain : compressed.needsDrain
}

/** Calls back once a response takes more. That of a compressed one can be a drain of what lies behind the compression. */
export function onceDrained(response: ServerResponse, callback: () => void): void {
  response.once('drain', () => {
    const compressed = response instanceof GatewayResponse ? response.compressed : null
    if (compressed?.needsDrain === true) onceDrained(response, callback)
    else callback()
  })
}

/** Sends a response as it is, whatever its pipeline says. */
export function withoutCompression(response: ServerResponse): void {
  if (response instanceof GatewayResponse) response.compression = null
}

/** Leaves a request out of the records: it is about the gateway, and not about a pipeline. */
export function withoutEntry(response: ServerResponse): void {
  if (response instanceof GatewayResponse) response.entry = null
}

/** One function for all responses, so that none needs a closure. */
function closed(this: GatewayResponse): void {
  this.entry?.close(this.headersSent ? this.statusCode : null, this.writableFinished)
  const { onClosed } = this
  this.onClosed = null
  onClosed?.()
}
