import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { CacheDirectives } from './cache-directives.ts'
import { CachedRequest } from './cached-request.ts'
import type { CachePartition } from './cache-partition.ts'
import { ResponseCache } from './response-cache.ts'

const HEAD = ['cache-control', 'max-age=60', 'content-length', '8']

/** The connection of an upstream that a test plays. */
function connection(): Dispatcher.DispatchController {
  return {
    rawHeaders: HEAD,
    rawTrailers: [],
    aborted: false,
    paused: false,
    reason: null,
    abort: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  }
}

/** A caller of one resource, who takes some chunks before a pause. */
class Caller implements Dispatcher.DispatchHandler {
  readonly request: CachedRequest
  sent = 0
  text = ''
  status = 0
  hasEnded = false
  hasLeftUpstream = false
  #chunksLeft: number

  /** @param noneMatch the tag of what it has already */
  constructor(partition: CachePartition, chunks = Infinity, noneMatch?: string) {
    this.#chunksLeft = chunks
    const question = {
      partition,
      key: { text: 'key', group: 'group' },
      isHead: false,
      asked: new CacheDirectives(undefined),
      preconditions: { noneMatch, modifiedSince: undefined },
      isAuthorized: false,
      defaultSeconds: 0,
    }
    this.request = new CachedRequest(question, {
      handler: this,
      send: () => (this.sent += 1),
      isFromBackup: () => false,
      leaveUpstream: () => (this.hasLeftUpstream = true),
      refuseUncached: () => undefined,
      refuseUnasked: () => undefined,
    })
    this.request.start()
  }

  onRequestStart(): void {
    // Nothing to do.
  }

  onResponseStart(_: unknown, status: number): void {
    this.status = status
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.text += chunk.toString()
    this.#chunksLeft -= 1
    if (this.#chunksLeft <= 0) controller.pause()
  }

  onResponseEnd(): void {
    this.hasEnded = true
    this.request.closed()
  }
}

let nowMs = 0

function newPartition(bytesMax = 1024 * 1024): CachePartition {
  const cache = new ResponseCache(
    bytesMax,
    () => 0,
    () => nowMs,
  )
  return cache.of(deployment(), { organization: 'acme', pipeline: 'p' })
}

test('no request waits for a caller who reads slowly, and its response does not replace a newer one', async () => {
  const part = newPartition()
  const [slow, second, third] = [new Caller(part, 1), new Caller(part), new Caller(part)]
  const upstream = connection()
  slow.request.onRequestStart(upstream, {})
  slow.request.onResponseStart(upstream, 200)
  expect([slow.sent, second.sent, third.sent]).toEqual([1, 0, 0])
  slow.request.onResponseData(upstream, Buffer.from('half'))
  await expect.poll(() => second.sent + third.sent).toBe(1)
  nowMs += 1
  const other = connection()
  second.request.onRequestStart(other, {})
  second.request.onResponseStart(other, 200)
  second.request.onResponseData(other, Buffer.from('complete'))
  second.request.onResponseEnd(other)
  await expect.poll(() => third.text).toBe('complete')
  slow.request.onResponseData(upstream, Buffer.from('half'))
  slow.request.onResponseEnd(upstream)
  expect([slow.text, new Caller(part).text, third.sent]).toEqual(['halfhalf', 'complete', 0])
})

test('the memory of a response that is given up is given back', () => {
  const part = newPartition()
  for (const end of ['leave', 'error', 'short'] as const) {
    const caller = new Caller(part)
    const upstream = connection()
    caller.request.onRequestStart(upstream, {})
    caller.request.onResponseStart(upstream, 200)
    caller.request.onResponseData(upstream, Buffer.from('half'))
    expect(bytesOf(part)).toBeGreaterThanOrEqual(8)
    if (end === 'leave') caller.request.leave()
    else if (end === 'error') caller.request.onResponseError(upstream, new Error('cut'))
    else caller.request.onResponseEnd(upstream)
    expect([end, bytesOf(part)]).toEqual([end, 0])
  }
})

const CHUNK = Buffer.alloc(300 * 1024)
const CHUNKED = ['cache-control', 'max-age=60', 'etag', '"v1"', 'transfer-encoding', 'chunked']

/** A connection whose response has no stated length, and whether it was given up. */
function chunkedConnection(): Dispatcher.DispatchController & { isGivenUp: boolean } {
  const upstream = {
    ...connection(),
    rawHeaders: CHUNKED,
    isGivenUp: false,
    abort: () => {
      upstream.isGivenUp = true
    },
  }
  return upstream
}

describe('A response that turns out to be too large to be stored', () => {
  test('is passed on to its caller, and those who wait ask the upstream themselves', async () => {
    const part = largePartition()
    const [first, second] = [new Caller(part), new Caller(part)]
    const upstream = chunkedConnection()
    first.request.onRequestStart(upstream, {})
    first.request.onResponseStart(upstream, 200)
    for (let chunk = 0; chunk < 3; chunk += 1) first.request.onResponseData(upstream, CHUNK)
    expect([second.sent, bytesOf(part) >= 3 * CHUNK.length]).toEqual([0, true])
    first.request.onResponseData(upstream, CHUNK)
    await expect.poll(() => second.sent).toBe(1)
    expect(bytesOf(part)).toBe(NOTE_BYTES)
    first.request.onResponseEnd(upstream)
    expect([first.text.length, first.hasEnded, upstream.isGivenUp]).toEqual([4 * CHUNK.length, true, false])
    // No request waits for it for a while.
    const [third, fourth] = [new Caller(part), new Caller(part)]
    expect([third.sent, fourth.sent]).toEqual([1, 1])
  })

  test('is given up if its caller has it already', () => {
    const part = largePartition()
    const caller = new Caller(part, Infinity, '"v1"')
    const upstream = chunkedConnection()
    caller.request.onRequestStart(upstream, {})
    caller.request.onResponseStart(upstream, 200)
    for (let chunk = 0; chunk < 3; chunk += 1) caller.request.onResponseData(upstream, CHUNK)
    expect([caller.status, caller.hasEnded, upstream.isGivenUp]).toEqual([304, false, false])
    caller.request.onResponseData(upstream, CHUNK)
    expect([caller.hasEnded, caller.hasLeftUpstream, upstream.isGivenUp]).toEqual([true, true, true])
    expect([caller.text, bytesOf(part)]).toEqual(['', NOTE_BYTES])
  })

  test('is given up if its caller has it already and a change makes it outdated, or no memory is left', () => {
    for (const why of ['outdated', 'full'] as const) {
      const part = why === 'full' ? newPartition(CHUNK.length) : largePartition()
      const caller = new Caller(part, Infinity, '"v1"')
      const upstream = chunkedConnection()
      caller.request.onRequestStart(upstream, {})
      caller.request.onResponseStart(upstream, 200)
      if (why === 'outdated') part.invalidate('group')
      caller.request.onResponseData(upstream, CHUNK)
      expect([why, caller.status, caller.hasEnded, upstream.isGivenUp]).toEqual([why, 304, true, true])
      expect(bytesOf(part)).toBe(0)
    }
  })
})

test('a caller that has the response already gets its 304 also if the upstream ends too early', () => {
  const part = largePartition()
  const caller = new Caller(part, Infinity, '"v1"')
  const upstream = chunkedConnection()
  caller.request.onRequestStart(upstream, {})
  caller.request.onResponseStart(upstream, 200)
  caller.request.onResponseData(upstream, CHUNK)
  caller.request.onResponseError(upstream, new Error('cut'))
  expect([caller.status, caller.hasEnded, bytesOf(part)]).toEqual([304, true, 0])
})

/** What a note takes that a response cannot be stored. */
const NOTE_BYTES = 2048

function largePartition(): CachePartition {
  return newPartition(8 * 1024 * 1024)
}

function bytesOf({ space }: CachePartition): number {
  return space instanceof ResponseCache ? space.bytes : Number.NaN
}
