import type { ServerResponse } from 'node:http'
import type { CompressionRules } from '@sallyport/core'
import type { Tenant } from '../../fairness/fair-share.ts'
import type { Passage } from '../request/passage.ts'
import { codedHead } from './compressed-head.ts'
import { codingStream, type CodingStream, type Compressors } from './compressors.ts'

/** How long content waits for more before it is sent, in ms: so that slow streams arrive, and fast ones compress well. */
const FLUSH_MS = 20

/** Where compressed bytes go: the response without its compression. */
export interface PlainResponse {
  /** @returns false if the caller must read first; the response then emits `drain` */
  write(chunk: Buffer): boolean
  end(): void
}

/** What may be compressed of one response. */
export class Compression {
  readonly #rules: CompressionRules
  readonly #compressors: Compressors
  readonly #tenant: Tenant
  readonly #passage: Passage

  /** @param passage of the request: compressed bytes pass only while others may */
  constructor(rules: CompressionRules, compressors: Compressors, tenant: Tenant, passage: Passage) {
    this.#rules = rules
    this.#compressors = compressors
    this.#tenant = tenant
    this.#passage = passage
  }

  /**
   * Decides by the head of the response whether its body is compressed.
   *
   * @param headers alternating names and values
   * @returns the headers to send, and the start of the compression once they are accepted; null if the body stays as it is
   */
  begin(
    response: ServerResponse,
    status: number,
    headers: string[],
  ): { readonly headers: string[]; readonly start: ((plain: PlainResponse) => CompressedBody) | null } {
    const { req: request } = response
    let isTaken = false
    const head = codedHead(request, this.#rules, status, headers, () => {
      isTaken = !request.socket.destroyed && this.#compressors.take(this.#tenant)
      return isTaken
    })
    const { coding } = head
    if (coding === null || !isTaken) return { headers: head.headers, start: null }
    // The response closes in any case, also if its head is refused.
    response.once('close', () => this.#compressors.release(this.#tenant))
    return {
      headers: head.headers,
      start: (plain) => new CompressedBody(response, codingStream(coding), this.#passage, plain),
    }
  }
}

/** The body of one response on its way through a coding. */
export class CompressedBody {
  readonly #response: ServerResponse
  readonly #stream: CodingStream
  readonly #passage: Passage
  readonly #plain: PlainResponse
  #flushTimer: NodeJS.Timeout | undefined
  /** Whether the caller must read first, or nothing may pass. */
  #waits = false
  #isAnnouncing = false
  #hasEnded = false

  constructor(response: ServerResponse, stream: CodingStream, passage: Passage, plain: PlainResponse) {
    this.#response = response
    this.#stream = stream
    this.#passage = passage
    this.#plain = plain
    stream.on('readable', () => this.#send())
    stream.on('end', () => plain.end())
    stream.on('drain', () => this.#announceDrain())
    response.on('drain', () => {
      if (!this.#isAnnouncing) this.#resume()
    })
    // It has no input that it could refuse. Without memory for it, the response ends as if its upstream had failed.
    stream.on('error', () => response.req.socket.destroy())
    response.on('error', ignore)
    response.once('close', () => {
      clearTimeout(this.#flushTimer)
      stream.destroy()
    })
  }

  get needsDrain(): boolean {
    return this.#stream.writableNeedDrain
  }

  write(chunk: Buffer): boolean {
    if (this.#hasEnded || this.#stream.destroyed) return true
    this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_MS)
    return this.#stream.write(chunk)
  }

  end(chunk: Buffer | undefined): void {
    if (this.#hasEnded || this.#stream.destroyed) return
    this.#hasEnded = true
    clearTimeout(this.#flushTimer)
    if (chunk === undefined) this.#stream.end()
    else this.#stream.end(chunk)
  }

  #flush(): void {
    this.#flushTimer = undefined
    if (!this.#hasEnded && !this.#stream.destroyed) this.#stream.flush()
  }

  #send(): void {
    while (!this.#waits) {
      if (!this.#passage.mayPass()) {
        this.#waits = true
        this.#passage.whenOpen(() => this.#resume())
        return
      }
      const chunk = this.#stream.read() as Buffer | null
      if (chunk === null) return
      if (!this.#plain.write(chunk)) this.#waits = true
    }
  }

  #resume(): void {
    this.#waits = false
    this.#send()
  }

  /** Tells the source that there is room again, which says nothing about the caller. */
  #announceDrain(): void {
    this.#isAnnouncing = true
    this.#response.emit('drain')
    this.#isAnnouncing = false
  }
}

function ignore(): void {
  // The response's close event reports it.
}
