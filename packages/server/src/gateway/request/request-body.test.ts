import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { LeaseGate } from '../exchanges/lease-gate.ts'
import type { Passage } from './passage.ts'
import { BodyTooLarge, CallerGone, RequestBody } from './request-body.ts'

const KIB = 1024
const MIB = 1024 * KIB

const ignore = (): void => undefined

/** A request whose head has arrived, and the caller that sends its body. */
interface Upload extends AsyncDisposable {
  readonly caller: Socket
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** @param length the header that states the length of the body */
async function openUpload(length: string): Promise<Upload> {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(createServer())
  stack.defer(() => server.closeAllConnections())
  const requested = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const caller = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', ignore)
  stack.defer(() => void caller.destroy())
  caller.write(`POST / HTTP/1.1\r\nHost: api\r\n${length}\r\n\r\n`)
  const [request, response] = await requested
  const opened = stack.move()
  return { caller, request, response, [Symbol.asyncDispose]: async () => await opened.disposeAsync() }
}

const CHUNKED = 'Transfer-Encoding: chunked'
const LAST_CHUNK = '0\r\n\r\n'

function chunk(content: string): string {
  return `${content.length.toString(16)}\r\n${content}\r\n`
}

/** Waits until the condition holds, with a look in each turn of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn()
}

describe('a body', () => {
  test('has all that the caller sends, and tells of each chunk', async () => {
    await using upload = await openUpload(CHUNKED)
    const { caller, request } = upload
    let told = 0
    const body = new RequestBody(request, KIB, () => {
      told += 1
    })
    let received = ''
    body.setEncoding('latin1').on('data', (content: string) => {
      received += content
    })
    for (const [index, content] of ['a', 'bb', 'ccc'].entries()) {
      caller.write(chunk(content))
      await until(() => received.endsWith(content))
      expect(told).toBe(index + 1)
    }
    const ended = once(body, 'end')
    caller.write(LAST_CHUNK)
    await ended
    expect([received, told]).toEqual(['abbccc', 3])
  })

  test('fails with more bytes than its limit, and leaves the connection for an answer', async () => {
    for (const [last, expected] of [
      ['cd', 'abcd'],
      ['cde', { name: 'BodyTooLarge', message: 'the body has more than 4 bytes' }],
    ] as const) {
      await using upload = await openUpload(CHUNKED)
      const { caller, request, response } = upload
      const body = new RequestBody(request, 4, ignore)
      caller.write(chunk('ab') + chunk(last) + LAST_CHUNK)
      const read = await text(body).catch((error: unknown) => error)
      if (typeof expected === 'string') expect(read).toBe(expected)
      else {
        expect(read).toBeInstanceOf(BodyTooLarge)
        expect(read).toMatchObject(expected)
      }
      response.writeHead(413).end()
      expect(String((await once(caller, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /)
    }
  })

  test('fails when its caller disconnects, or its request is closed, before it is complete', async () => {
    for (const leave of [
      ({ caller }: Upload) => caller.destroy(),
      ({ request }: Upload) => request.destroy(),
    ]) {
      await using upload = await openUpload('Content-Length: 5')
      const body = new RequestBody(upload.request, KIB, ignore)
      const read = text(body).catch((error: unknown) => error)
      upload.caller.write('abcd')
      await until(() => body.readableDidRead)
      leave(upload)
      const error = await read
      expect(error).toBeInstanceOf(CallerGone)
      expect(error).toMatchObject({ name: 'CallerGone', message: 'the caller disconnected' })
    }
  })

  test('fails when its caller disconnected before it was read, even if all of it had arrived', async () => {
    for (const content of ['abcd', 'abcde']) {
      await using upload = await openUpload('Content-Length: 5')
      const { caller, request } = upload
      const early = new RequestBody(request, KIB, ignore)
      caller.write(content)
      await until(() => request.readableLength === content.length)
      const failed = once(early, 'error')
      caller.destroy()
      expect((await failed)[0]).toBeInstanceOf(CallerGone)
      const late = new RequestBody(request, KIB, ignore)
      await expect(text(late)).rejects.toBeInstanceOf(CallerGone)
    }
  })

  test('that has ended stays whole when its caller disconnects before the consumer reads it', async () => {
    await using upload = await openUpload('Content-Length: 4')
    const { caller, request } = upload
    const body = new RequestBody(request, KIB, ignore)
    body.read(0)
    caller.write('abcd')
    await until(() => request.readableEnded)
    caller.destroy()
    await once(upload.response, 'close')
    expect(await text(body)).toBe('abcd')
  })

  test('is starved while its consumer waits for the caller', async () => {
    await using upload = await openUpload('Content-Length: 70000')
    const { caller, request } = upload
    const body = new RequestBody(request, MIB, ignore)
    expect(body.isStarved).toBe(false)
    body.read(0)
    expect(body.isStarved).toBe(true)
    caller.write(Buffer.alloc(69_999))
    // The buffer is full, so the caller waits for the consumer.
    await until(() => !body.isStarved)
    expect(body.readableLength).toBeGreaterThanOrEqual(64 * KIB)
    let bytes = 0
    body.on('data', (content: Buffer) => {
      bytes += content.length
    })
    await until(() => bytes === 69_999)
    await until(() => body.isStarved)
    body.pause()
    caller.write('x')
    await until(() => request.complete)
    expect([body.isStarved, body.readableEnded]).toEqual([false, false])
    const ended = once(body, 'end')
    body.resume()
    await ended
    expect(body.isStarved).toBe(false)
  })
})

describe('a caller', () => {
  test('is not read before the body is, nor after the body was destroyed', async () => {
    await using upload = await openUpload('Content-Length: 5')
    const { caller, request } = upload
    let told = 0
    const body = new RequestBody(request, KIB, () => {
      told += 1
    })
    expect(request.isPaused()).toBe(true)
    caller.write('ab')
    await once(body, 'readable')
    expect([request.isPaused(), told]).toEqual([false, 1])
    body.destroy()
    expect(request.isPaused()).toBe(true)
    // The rest of the body can be discarded, to answer the next request on the connection.
    request.resume()
    caller.write('cde')
    await once(request, 'end')
    expect([told, body.readableLength]).toEqual([1, 2])
  })

  test('is paused while 64 KiB wait for the consumer', async () => {
    await using upload = await openUpload(CHUNKED)
    const { caller, request } = upload
    await using body = new RequestBody(request, MIB, ignore)
    body.read(0)
    // Bytes that the consumer has taken do not count.
    caller.write(chunk('x'.repeat(40 * KIB)))
    await until(() => body.readableLength === 40 * KIB)
    body.read()
    caller.write(chunk('x'.repeat(30 * KIB)))
    await until(() => body.readableLength === 30 * KIB)
    await turns(2)
    caller.write(chunk('x'.repeat(8 * KIB)).repeat(20))
    await until(() => body.readableLength >= 64 * KIB && request.isPaused())
    await turns(10)
    expect(body.readableLength).toBeLessThanOrEqual(72 * KIB)
  })

  test('stays paused when others have had their turn', async () => {
    await using upload = await openUpload(`Content-Length: ${MIB}`)
    await using body = new RequestBody(upload.request, MIB, ignore)
    upload.caller.write(Buffer.alloc(MIB))
    body.read(0)
    await until(() => body.readableLength >= 64 * KIB)
    await turns(10)
    expect(body.readableLength).toBeLessThanOrEqual(128 * KIB)
  })
})

test('Small chunks that arrived together are read in one turn', async () => {
  await using upload = await openUpload(CHUNKED)
  const { caller, request } = upload
  let turn = 0
  const toldInTurn: number[] = []
  const body = new RequestBody(request, KIB, () => toldInTurn.push(turn))
  caller.write(chunk('x').repeat(100) + LAST_CHUNK)
  await until(() => request.complete)
  const read = text(body)
  await until(() => {
    turn += 1
    return body.readableEnded
  })
  expect(await read).toBe('x'.repeat(100))
  expect(toldInTurn).toHaveLength(100)
  expect(new Set(toldInTurn).size).toBe(1)
})

test('Of a body that arrives faster than it is read, others have their turn after each 128 KiB', async () => {
  await using upload = await openUpload(`Content-Length: ${8 * MIB}`)
  const { caller, request } = upload
  // The system holds so much that Node.js could read for long without waiting.
  await new Promise((sent) => caller.write(Buffer.alloc(MIB), sent))
  caller.write(Buffer.alloc(7 * MIB))

  let bytes = 0
  let bytesOfTurn = 0
  let most = 0
  let isOver = false
  const turnsOfOthers = (async () => {
    while (!isOver) {
      most = Math.max(most, bytesOfTurn)
      bytesOfTurn = 0
      await nextTurn()
    }
  })()
  const body = new RequestBody(request, 8 * MIB, ignore)
  for await (const content of body as AsyncIterable<Buffer>) {
    bytes += content.length
    bytesOfTurn += content.length
  }
  isOver = true
  await turnsOfOthers
  expect(bytes).toBe(8 * MIB)
  expect(most).toBeLessThanOrEqual(128 * KIB)
})

/** An entry of the type `gc`, which the types of Node.js lack. */
interface CollectionEntry {
  readonly detail: { readonly kind: number; readonly flags: number }
}

test('The buffers of a long body are freed while it streams', async () => {
  await using upload = await openUpload(`Content-Length: ${32 * MIB}`)
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as readonly CollectionEntry[]) {
      const { kind, flags } = entry.detail
      const { NODE_PERFORMANCE_GC_MINOR, NODE_PERFORMANCE_GC_FLAGS_FORCED } = constants
      if (kind === NODE_PERFORMANCE_GC_MINOR && (flags & NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0)
        collections += 1
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  const body = new RequestBody(upload.request, 32 * MIB, ignore).resume()
  const ended = once(body, 'end')
  upload.caller.write(Buffer.alloc(32 * MIB))
  await ended
  await until(() => collections > 0)
  observer.disconnect()
})

describe('while bytes may not pass', () => {
  /** A passage through a gate that is open as long as the lease. */
  function leased() {
    const lease = { isOver: false }
    const gate = new LeaseGate(() => lease.isOver)
    const passage: Passage = {
      mayPass: () => gate.isOpen,
      whenOpen: (resume) => gate.whenOpen(resume, ignore),
    }
    return { lease, passage, [Symbol.dispose]: () => gate[Symbol.dispose]() }
  }

  test('neither bytes of the body nor its end pass', async () => {
    await using upload = await openUpload(CHUNKED)
    using gated = leased()
    const { caller, request } = upload
    const { lease, passage } = gated
    let told = 0
    const body = new RequestBody(
      request,
      KIB,
      () => {
        told += 1
      },
      passage,
    )
    let received = ''
    body.setEncoding('latin1').on('data', (content: string) => {
      received += content
    })
    caller.write(chunk('open'))
    await until(() => received === 'open')

    lease.isOver = true
    caller.write(chunk('held'))
    await until(() => request.isPaused() && request.readableLength === 4)
    await turns(10)
    expect([received, told]).toEqual(['open', 1])
    lease.isOver = false
    await until(() => received === 'openheld')
    expect(told).toBe(2)

    lease.isOver = true
    caller.write(LAST_CHUNK)
    await until(() => request.readableEnded)
    await turns(10)
    expect(body.readableEnded).toBe(false)
    lease.isOver = false
    await once(body, 'end')
    expect(received).toBe('openheld')
  })

  test('a body that is destroyed stays so, and its caller paused', async () => {
    await using upload = await openUpload('Content-Length: 5')
    using gated = leased()
    const { caller, request } = upload
    const { lease, passage } = gated
    lease.isOver = true
    const body = new RequestBody(request, KIB, ignore, passage)
    body.read(0)
    caller.write('abcd')
    await until(() => request.isPaused() && request.readableLength === 4)
    body.destroy()
    lease.isOver = false
    // The gate opens for all in the order of their arrival.
    await new Promise<void>((resume) => passage.whenOpen(resume))
    expect([request.isPaused(), body.readableLength]).toEqual([true, 0])
  })
})
