import type { Dispatcher } from 'undici'
import type { CacheDirectives } from './cache-directives.ts'
import type { CacheKey, CachePartition, Fill, Flight, StoredEntry, Waiting } from './cache-partition.ts'
import { freshnessOf, isNeverFresh, mayHideError, suffices, type ReceivedResponse } from './freshness.ts'
import { HeaderFields } from './header-fields.ts'
import { RecordedBody, STORED_BYTES_MAX } from './recorded-body.ts'
import { Relabelled, Replay } from './replay.ts'
import {
  confirmed,
  isConfirmedBy,
  isKnown,
  replayedHeaders,
  storedResponse,
  unchangedHeaders,
  validators,
  type Preconditions,
  type StoredResponse,
} from './stored-response.ts'

/** How long a request waits for another one that fetches the same, in ms. Then it asks the upstream itself. */
const WAIT_MS = 5_000
/** With these statuses, an upstream says that it cannot answer (RFC 5861 section 4). */
const ERRORS: ReadonlySet<number> = new Set([500, 502, 503, 504])
const DIGITS = /^\d{1,15}$/

/** A request that may be answered from a cache. */
export interface CacheQuestion {
  readonly partition: CachePartition
  readonly key: CacheKey
  readonly isHead: boolean
  /** `Cache-Control` of the caller. */
  readonly asked: CacheDirectives
  readonly preconditions: Preconditions
  /** Whether the request to the upstream has credentials. */
  readonly isAuthorized: boolean
  readonly defaultSeconds: number
}

/** The exchange of the request. */
export interface CachingExchange {
  /** Receives the response, wherever it comes from. */
  readonly handler: Dispatcher.DispatchHandler
  /**
   * Sends the request to the upstream, again if the first response is of no use.
   *
   * @param conditions further headers, as alternating names and values
   */
  send(conditions: readonly string[]): void
  /**
   * Whether a server responds that only stands in for others. Its responses are not stored, or callers would get them when the others are
   * back.
   */
  isFromBackup(): boolean
  /** The upstream is not needed any more. */
  leaveUpstream(): void
  /** The caller wants a stored response, and there is none (RFC 9111 section 5.2.1.7). */
  refuseUncached(): void
  /** The upstream confirms what it was not asked about: 304 to a request without a condition (RFC 9110 section 15.4.5). */
  refuseUnasked(): void
}

/**
 * One request between its exchange and the upstream. It answers from memory where it may, and otherwise passes the events of
 * the upstream on and keeps a copy. Requests for the same response at the same time ask the upstream once: the first one
 * does, and the others wait for it, for a bounded time.
 */
export class CachedRequest implements Dispatcher.DispatchHandler, Waiting, Fill {
  readonly #question: CacheQuestion
  readonly #exchange: CachingExchange
  /** The response that the upstream may confirm. */
  #stale: StoredResponse | null = null
  /** Give back what this request keeps in memory. */
  readonly #holds: (() => void)[] = []
  #flight: Flight | null = null
  #isLeader = false
  #waitTimer: NodeJS.Timeout | undefined
  #hasWaited = false
  #sentAtMs = 0
  /** Whether the upstream is asked for a confirmation, and not for a response. */
  #isConditional = false
  /** Whether the response may be stored. */
  #isFilling = false
  #body: RecordedBody | null = null
  #received: { readonly response: ReceivedResponse; readonly raw: string[] } | null = null
  #isConfirmed = false
  /** Whether the caller gets a 304 in place of a response that is stored. */
  #isUnchanged = false
  #isOutdated = false
  /** Whether the upstream's events are ignored. */
  #isOver = false

  constructor(question: CacheQuestion, exchange: CachingExchange) {
    this.#question = question
    this.#exchange = exchange
  }

  get group(): string {
    return this.#question.key.group
  }

  start(): void {
    const { partition, key, asked, isHead } = this.#question
    const { space } = partition
    const found = partition.find(key)
    const stored = this.#held(found)
    if (stored !== null && suffices(stored.freshness, asked, space.monotonicMs())) {
      this.#answer(stored, this.#hasWaited ? 'fwd=miss; collapsed' : 'hit', 'hit')
    } else if (asked.has('only-if-cached')) this.#exchange.refuseUncached()
    else if (isHead || found === 'unstorable' || wantsNew(asked)) this.#ask(stored)
    // What one of them gets is of no use to the others.
    else if (stored !== null && isNeverFresh(stored.freshness)) this.#ask(stored)
    else {
      const flight = partition.flightOf(key)
      if (flight === undefined) {
        this.#isLeader = true
        this.#flight = partition.takeOff(key)
        this.#ask(stored)
      } else this.#wait(flight, stored)
    }
  }

  /** The exchange is over, in any state. */
  leave(): void {
    clearTimeout(this.#waitTimer)
    this.#isOver = true
    this.#flight?.waiting.delete(this)
    this.#endFill('ended')
  }

  /** The upstream takes too long. @returns whether a stored response answers in its place */
  hideTimeout(): boolean {
    const hiding = this.#isOver || this.#hasBegun ? null : this.#staleForError()
    if (hiding === null) return false
    this.#hideError(null, hiding)
    return true
  }

  /** The caller has got the response, or left. */
  closed(): void {
    for (const release of this.#holds.splice(0)) release()
  }

  onLanding(outcome: 'stored' | 'unstorable' | 'ended'): void {
    this.#flight = null
    if (this.#isOver) return
    if (outcome === 'ended') {
      this.start()
      return
    }
    clearTimeout(this.#waitTimer)
    const { partition, key, asked } = this.#question
    const stored = this.#held(partition.find(key))
    if (stored !== null && suffices(stored.freshness, asked, partition.space.monotonicMs())) {
      this.#answer(stored, 'fwd=miss; collapsed', 'hit')
    } else this.#ask(stored)
  }

  outdated(): void {
    this.#isOutdated = true
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#discard()
    this.#exchange.handler.onRequestStart?.(controller, context)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isOver) return
    const { handler } = this.#exchange
    const { space } = this.#question.partition
    if (status < 200) {
      handler.onResponseStart?.(controller, status, {})
      return
    }
    const raw = strings(controller.rawHeaders)
    const { isAuthorized, defaultSeconds, preconditions } = this.#question
    const response: ReceivedResponse = {
      status,
      fields: new HeaderFields(raw),
      isAuthorized,
      defaultSeconds,
      sentAtMs: this.#sentAtMs,
      receivedAtMs: space.monotonicMs(),
      wallMs: space.nowMs(),
    }
    this.#received = { response, raw }
    this.#isConfirmed = status === 304 && this.#isConditional
    if (this.#isConfirmed) return
    const isUnasked = status === 304
    const hiding = isUnasked || ERRORS.has(status) ? this.#staleForError() : null
    if (hiding !== null) {
      this.#hideError(controller, hiding)
      return
    }
    if (isUnasked) {
      this.#endFill('unstorable')
      this.#exchange.refuseUnasked()
      return
    }
    const isStored = this.#beginRecording(response)
    const labelled = [...raw, 'cache-status', `sallyport; fwd=${this.#reason}; fwd-status=${status}`]
    const tags = {
      status,
      etag: response.fields.single('etag'),
      lastModified: response.fields.single('last-modified'),
    }
    this.#isUnchanged = isStored && isKnown(tags, preconditions)
    const relabelled = new Relabelled(
      controller,
      this.#isUnchanged ? unchangedHeaders(labelled) : labelled,
      () => this.#slowedDown(),
    )
    handler.onResponseStart?.(relabelled, this.#isUnchanged ? 304 : status, {})
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver || this.#isConfirmed) return
    if (this.#body !== null && (this.#isOutdated || !this.#body.add(chunk))) this.#giveUpRecording(this.#body)
    if (!this.#isUnchanged) this.#exchange.handler.onResponseData?.(this.#slowing(controller), chunk)
    else if (this.#body === null) this.#leaveUnchanged(controller)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return
    if (this.#isConfirmed) {
      if (this.#isAboutStale()) this.#useConfirmed()
      else this.#askAnew()
      return
    }
    if (this.#body !== null && isEmpty(controller.rawTrailers)) this.#store(this.#body)
    else this.#endFill('unstorable')
    this.#exchange.handler.onResponseEnd?.(controller, {})
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return
    const hiding = this.#hasBegun ? null : this.#staleForError()
    this.#discard()
    if (hiding !== null) {
      this.#hideError(null, hiding)
      return
    }
    this.#endFill('unstorable')
    // The caller needs nothing more of this upstream.
    if (this.#isUnchanged) this.#exchange.handler.onResponseEnd?.(controller, {})
    else this.#exchange.handler.onResponseError?.(controller, error)
  }

  /** Why the upstream is asked (RFC 9211 section 2.2). */
  get #reason(): string {
    if (wantsNew(this.#question.asked)) return 'request'
    return this.#stale === null ? 'miss' : 'stale'
  }

  /** Whether the caller may have got a part of the response. */
  get #hasBegun(): boolean {
    return this.#received !== null && !this.#isConfirmed
  }

  /** The stored response, if it may take the place of one that the upstream fails to give (RFC 5861 section 4). */
  #staleForError(): StoredResponse | null {
    const { asked, partition } = this.#question
    const stale = this.#stale
    return stale !== null && mayHideError(stale.freshness, asked, partition.space.monotonicMs())
      ? stale
      : null
  }

  #held(found: StoredEntry | 'unstorable' | undefined): StoredResponse | null {
    if (found === undefined || found === 'unstorable') return null
    this.#holds.push(found.hold())
    return found.response
  }

  #ask(stored: StoredResponse | null): void {
    const { partition, isHead } = this.#question
    partition.space.count('miss')
    this.#isFilling = !isHead
    if (this.#isFilling) partition.beginFill(this)
    this.#stale = isHead ? null : stored
    this.#send(this.#stale === null ? [] : validators(this.#stale))
  }

  #send(conditions: readonly string[]): void {
    this.#isConditional = conditions.length > 0
    this.#sentAtMs = this.#question.partition.space.monotonicMs()
    this.#exchange.send(conditions)
  }

  #isAboutStale(): boolean {
    const received = this.#received?.response
    return this.#stale !== null && received !== undefined && isConfirmedBy(this.#stale, received.fields)
  }

  /** Asks for the whole response: the 304 is about another one than the one that is stored. */
  #askAnew(): void {
    this.#discard()
    this.#exchange.leaveUpstream()
    // Not within undici's own work on the response that ends.
    setImmediate(() => {
      if (!this.#isOver) this.#send([])
    })
  }

  #wait(flight: Flight, stored: StoredResponse | null): void {
    this.#flight = flight
    this.#stale = stored
    this.#hasWaited = true
    flight.waiting.add(this)
    this.#waitTimer ??= setTimeout(() => {
      if (this.#isOver || this.#flight?.waiting.delete(this) !== true) return
      this.#flight = null
      this.#ask(null)
    }, WAIT_MS)
  }

  /** @returns whether the response is being stored */
  #beginRecording(response: ReceivedResponse): boolean {
    const { partition, isHead, key } = this.#question
    if (isHead || !this.#isFilling) return false
    const { fields, status } = response
    const length = fields.single('content-length')
    const isChunked = fields.has('transfer-encoding')
    // Otherwise nothing tells a complete body from one that was cut (RFC 9112 section 8).
    const isDelimited = status === 204 || isChunked || (length !== null && DIGITS.test(length))
    const isSmall = isChunked || Number(length ?? 0) <= STORED_BYTES_MAX
    if (this.#exchange.isFromBackup()) {
      this.#endFill('unstorable')
      return false
    }
    if (!isDelimited || !isSmall || this.#isOutdated || freshnessOf(response) === null) {
      // A failure says nothing about the next response, nor about the one that is stored.
      if (status < 500 && !this.#isOutdated) partition.noteUnstorable(key)
      this.#endFill('unstorable')
      return false
    }
    const { space, tenant } = partition
    this.#body = new RecordedBody(
      isChunked || length === null ? null : Number(length),
      (bytes) => space.take(tenant, bytes),
      (bytes) => space.give(tenant, bytes),
    )
    return true
  }

  #giveUpRecording(body: RecordedBody): void {
    const { partition, key } = this.#question
    // The next one is probably as large, so no request waits for it.
    if (body.isTooLarge && !this.#isOutdated) partition.noteUnstorable(key)
    this.#endFill(this.#isOutdated ? 'ended' : 'unstorable')
  }

  /** Ends a response that is not stored, and that its caller has already: the rest of it is of no use. */
  #leaveUnchanged(controller: Dispatcher.DispatchController): void {
    this.#isOver = true
    this.#exchange.leaveUpstream()
    this.#exchange.handler.onResponseEnd?.(controller, {})
    controller.abort(new Error('the response is not stored, and its caller has it already'))
  }

  #store(body: RecordedBody): void {
    const { partition, key } = this.#question
    const content = body.finish()
    const freshness = this.#received === null ? null : freshnessOf(this.#received.response)
    if (content === null || freshness === null || this.#received === null || this.#isOutdated) {
      this.#endFill(this.#isOutdated ? 'ended' : 'unstorable')
      return
    }
    const { response, raw } = this.#received
    const stored = storedResponse(response, raw, content, freshness)
    this.#body = null
    const isStored = partition.store(key, stored, body.heldBytes)
    this.#endFill(isStored ? 'stored' : 'unstorable')
  }

  #useConfirmed(): void {
    const { partition, key } = this.#question
    const stale = this.#stale
    if (stale === null || this.#received === null) return
    const { response: received, raw } = this.#received
    const { response, isStorable } = confirmed(stale, received, raw)
    if (this.#exchange.isFromBackup()) this.#endFill('unstorable')
    else if (!isStorable || this.#isOutdated) {
      if (!this.#isOutdated) partition.remove(key)
      this.#endFill('ended')
    } else {
      const { tenant, space } = partition
      const isStored = space.take(tenant, stale.body.length)
        ? partition.store(key, response, stale.body.length)
        : false
      this.#endFill(isStored ? 'stored' : 'unstorable')
    }
    this.#exchange.leaveUpstream()
    this.#answer(response, `fwd=${this.#reason}; fwd-status=304`, 'confirmed')
  }

  /** @param controller null if nothing more is expected of the upstream */
  #hideError(controller: Dispatcher.DispatchController | null, stale: StoredResponse): void {
    this.#endFill('unstorable')
    this.#exchange.leaveUpstream()
    this.#answer(stale, `fwd=${this.#reason}; detail=stale-if-error`, 'stale')
    controller?.abort(new Error('a stored response is used'))
  }

  /** Answers from memory. */
  #answer(stored: StoredResponse, how: string, counted: 'hit' | 'confirmed' | 'stale'): void {
    const { partition, preconditions, isHead } = this.#question
    clearTimeout(this.#waitTimer)
    this.#isOver = true
    partition.space.count(counted)
    const headers = [
      ...replayedHeaders(stored, partition.space.monotonicMs()),
      'cache-status',
      `sallyport; ${how}`,
    ]
    const isUnchanged = isKnown(stored, preconditions)
    new Replay(
      this.#exchange.handler,
      isUnchanged ? 304 : stored.status,
      isUnchanged ? unchangedHeaders(headers) : headers,
      isUnchanged || isHead ? NOTHING : stored.body,
    ).start()
  }

  #slowing(controller: Dispatcher.DispatchController): Dispatcher.DispatchController {
    return this.#flight === null ? controller : new Relabelled(controller, [], () => this.#slowedDown())
  }

  /** No request waits for a caller who reads slowly: the next one asks the upstream itself. */
  #slowedDown(): void {
    if (this.#flight === null || !this.#isLeader || this.#flight.waiting.size === 0) return
    this.#question.partition.land(this.#flight, 'ended')
    this.#flight = null
  }

  #discard(): void {
    this.#body?.discard()
    this.#body = null
    this.#received = null
    this.#isConfirmed = false
  }

  #endFill(outcome: 'stored' | 'unstorable' | 'ended'): void {
    const { partition } = this.#question
    this.#body?.discard()
    this.#body = null
    this.#isFilling = false
    partition.endFill(this)
    if (this.#flight !== null && this.#isLeader) partition.land(this.#flight, outcome)
    this.#flight = null
  }
}

const NOTHING = Buffer.alloc(0)

/** Whether a caller does not take what others have asked for. */
function wantsNew(asked: CacheDirectives): boolean {
  return asked.has('no-cache') || asked.seconds('max-age') === 0
}

function isEmpty(trailers: unknown): boolean {
  return !Array.isArray(trailers) || trailers.length === 0
}

/** Names and values as strings: one character per byte, as in Node.js. */
function strings(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((item: unknown) => (Buffer.isBuffer(item) ? item.toString('latin1') : String(item)))
}
