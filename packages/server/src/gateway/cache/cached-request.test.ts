import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
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
  #chunksLeft: number

  constructor(partition: CachePartition, chunks = Infinity) {
    this.#chunksLeft = chunks
    const question = {
      partition,
      key: { text: 'key', group: 'group' },
      isHead: false,
      asked: new CacheDirectives(undefined),
      preconditions: { noneMatch: undefined, modifiedSince: undefined },
      isAuthorized: false,
      defaultSeconds: 0,
    }
    this.request = new CachedRequest(question, {
      handler: this,
      send: () => (this.sent += 1),
      leaveUpstream: () => undefined,
      refuseUncached: () => undefined,
    })
    this.request.start()
  }

  onRequestStart(): void {
    // Nothing to do.
  }

  onResponseStart(): void {
    // Nothing to do.
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.text += chunk.toString()
    this.#chunksLeft -= 1
    if (this.#chunksLeft <= 0) controller.pause()
  }

  onResponseEnd(): void {
    this.request.closed()
  }
}

let nowMs = 0

function newPartition(): CachePartition {
  const cache = new ResponseCache(
    1024 * 1024,
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

function bytesOf({ space }: CachePartition): number {
  return space instanceof ResponseCache ? space.bytes : Number.NaN
}
