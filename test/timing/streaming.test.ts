import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setUpAcme } from '../support/api-client.ts'
import { peakResidentBytes, residentBytes } from '../support/process-memory.ts'
import { publishPipeline, type PublishedPipeline } from '../support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'
import { startUpstream } from '../support/upstream.ts'

const MIB = 1024 * 1024
const FILE_BYTES = 100 * MIB
const AT_ONCE = 10
const GROWTH_BYTES_MAX = 64 * MIB
const SLOW_TIMEOUT_MS = 3000

/** One MiB of incompressible data, sent repeatedly. */
const BLOCK = randomBytes(MIB)

function file(): Readable {
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < FILE_BYTES; sent += MIB) yield BLOCK
    })(),
  )
}

async function digestOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

describe('large and slow bodies', () => {
  const stack = new AsyncDisposableStack()
  let server: ServerProcess
  let files: PublishedPipeline
  let slow: PublishedPipeline
  let fileDigest: string

  beforeAll(async () => {
    const folder = stack.use(await temporaryFolder())
    const upstream = stack.use(
      await startUpstream((incoming, response) => {
        if (incoming.method === 'GET') {
          response.writeHead(200, {
            'content-type': 'application/octet-stream',
            'content-length': FILE_BYTES,
          })
          pipeline(file(), response).catch(() => undefined)
          return
        }
        digestOf(incoming).then(
          (digest) => response.end(digest),
          () => undefined,
        )
      }),
    )
    server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
    const acme = await setUpAcme(server)
    files = await publishPipeline(acme, 'files', `${upstream.url}/files`, {
      kind: 'http-file',
      limits: { timeoutMs: 300_000 },
    })
    slow = await publishPipeline(acme, 'slow', `${upstream.url}/files`, {
      kind: 'http-file',
      limits: { timeoutMs: SLOW_TIMEOUT_MS },
    })
    fileDigest = await digestOf(file())
    // Warm-up, so that memory for loaded and compiled code does not count as growth.
    expect(await upload()).toBe(fileDigest)
    expect(await download()).toBe(fileDigest)
  }, 180_000)

  afterAll(async () => {
    await stack.disposeAsync()
  })

  async function send(method: string, body?: Readable): Promise<IncomingMessage> {
    const call = request(server.gatewayUrl + files.path, {
      method,
      agent: false,
      headers: {
        'x-api-key': files.token,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/octet-stream', 'content-length': FILE_BYTES }),
      },
    })
    const answered = once(call, 'response')
    if (body === undefined) call.end()
    else await pipeline(body, call)
    const [response] = (await answered) as [IncomingMessage]
    return response
  }

  async function upload(): Promise<string> {
    const response = await send('POST', file())
    expect(response.statusCode).toBe(200)
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
    return text
  }

  async function download(): Promise<string> {
    const response = await send('GET')
    expect(response.statusCode).toBe(200)
    return await digestOf(response)
  }

  test.each([
    ['uploads', upload],
    ['downloads', download],
  ])(
    'ten concurrent %s of 100 MiB use less than 64 MiB of additional memory',
    { timeout: 240_000 },
    async (_, transfer) => {
      const before = await residentBytes(server.pid)
      const peak = await peakResidentBytes(server.pid, async () => {
        const digests = await Promise.all(Array.from({ length: AT_ONCE }, transfer))
        expect(new Set(digests)).toEqual(new Set([fileDigest]))
      })
      expect((peak - before) / MIB).toBeLessThan(GROWTH_BYTES_MAX / MIB)
    },
  )

  /** Sends raw HTTP and then stalls. Returns the received text and how long the connection lasted. */
  async function stall(text: string, reads: boolean): Promise<{ received: string; livedMs: number }> {
    const startedAtMs = performance.now()
    const socket = connect(Number(new URL(server.gatewayUrl).port), '127.0.0.1')
    let received = ''
    socket.on('error', () => undefined)
    if (reads) socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk))
    else socket.pause()
    socket.write(text)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    // A paused socket notices that it was closed only when it writes.
    const probe = reads ? undefined : setInterval(() => socket.write('\r\n'), 100)
    await closed
    clearInterval(probe)
    return { received, livedMs: performance.now() - startedAtMs }
  }

  test(
    'callers that do not read use no additional memory and are disconnected at the timeout',
    { timeout: 60_000 },
    async () => {
      const head = `GET ${slow.path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${slow.token}\r\n\r\n`
      const before = await residentBytes(server.pid)
      const peak = await peakResidentBytes(server.pid, async () => {
        const lives = await Promise.all(Array.from({ length: AT_ONCE }, async () => await stall(head, false)))
        for (const { livedMs } of lives) expect(livedMs).toBeGreaterThanOrEqual(SLOW_TIMEOUT_MS - 100)
      })
      expect((peak - before) / MIB).toBeLessThan(GROWTH_BYTES_MAX / MIB)
    },
  )

  test(
    'callers that stop sending get a 408 and are disconnected at the timeout',
    { timeout: 60_000 },
    async () => {
      const head =
        `POST ${slow.path} HTTP/1.1\r\nHost: x\r\nx-api-key: ${slow.token}\r\n` +
        `content-type: application/octet-stream\r\ncontent-length: ${FILE_BYTES}\r\n\r\nbegun`
      const lives = await Promise.all(Array.from({ length: AT_ONCE }, async () => await stall(head, true)))
      for (const { received, livedMs } of lives) {
        expect(received).toMatch(/^HTTP\/1\.1 408 /)
        expect(received).toContain('"code":"request_timeout"')
        expect(livedMs).toBeGreaterThanOrEqual(SLOW_TIMEOUT_MS - 100)
      }
    },
  )
})
