import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { CLOSE_CODES, streamOver } from './stream.ts'

const PAYLOAD_BYTES_MAX = 64 * 1024

/** A stream on loopback, whose other side is a bare WebSocket that may send anything. */
async function openPair() {
  const stack = new AsyncDisposableStack()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: PAYLOAD_BYTES_MAX })
  stack.defer(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[WebSocket]>
  const hostile = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  stack.defer(() => hostile.terminate())
  const [[socket]] = await Promise.all([accepted, once(hostile, 'open')])
  const blocks: string[] = []
  const stream = streamOver<object, { double(value: number): number }>(socket, {
    functions: { double: (value) => value * 2 },
    onBlock: (block, purpose) => blocks.push(`${purpose} ${Buffer.from(block).toString()}`),
  })
  const call = async (name: string): Promise<unknown> => {
    const answer = once(hostile, 'message') as Promise<[Buffer]>
    hostile.send(JSON.stringify({ t: 'q', i: 'one', m: name, a: [21] }))
    const [data] = await answer
    return JSON.parse(data.toString())
  }
  return { hostile, stream, blocks, call, [Symbol.asyncDispose]: async () => await stack.disposeAsync() }
}

test('a function of the stream answers a call', async () => {
  await using pair = await openPair()
  expect(await pair.call('double')).toMatchObject({ i: 'one', r: 42 })
})

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'triple', ''])(
  'a call of %j, which is no function of the stream, is refused',
  async (name) => {
    await using pair = await openPair()
    const answer = await pair.call(name)
    expect(answer).toMatchObject({ i: 'one', e: { code: 'unavailable' } })
    expect(answer).not.toHaveProperty('r')
    expect(await pair.call('double')).toMatchObject({ r: 42 })
  },
)

test.each(['{', '', 'null', '5', '"e"', '{"t":"s","i":"one","e":null}'])(
  'the message %j, which cannot be read, ends the stream',
  async (message) => {
    await using pair = await openPair()
    const closed = once(pair.hostile, 'close')
    pair.hostile.send(message)
    expect((await closed)[0]).toBe(CLOSE_CODES.protocol)
  },
)

test('a message above the limit ends the stream, and one at the limit is a block', async () => {
  await using pair = await openPair()
  const closed = once(pair.hostile, 'close')
  pair.hostile.send(Buffer.alloc(PAYLOAD_BYTES_MAX, 1))
  pair.hostile.send(Buffer.alloc(PAYLOAD_BYTES_MAX + 1, 1))
  await closed
  expect(pair.blocks).toHaveLength(1)
})

test.each([
  ['of 123 bytes', 'x'.repeat(123), 'x'.repeat(123)],
  ['of 124 bytes', 'x'.repeat(124), 'x'.repeat(123)],
  ['whose last character does not fit', `${'x'.repeat(122)}é`, 'x'.repeat(122)],
])('a stream is closed with a reason %s', async (_, text, received) => {
  await using pair = await openPair()
  const closed = once(pair.hostile, 'close') as Promise<[number, Buffer]>
  pair.stream.close('protocol', text)
  const [code, reason] = await closed
  expect([code, reason.toString()]).toEqual([CLOSE_CODES.protocol, received])
})
