import { Problem } from '@sallyport/core'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { streamOver, type Stream } from './stream.ts'

interface Functions {
  double(number: number): Promise<number>
  wait(): Promise<void>
}

let server: WebSocketServer
let socket: WebSocket
let near: Stream<Functions, object>
let far: Stream<object, Functions>
let farSocket: WebSocket
let waiting: PromiseWithResolvers<void>

beforeEach(async () => {
  waiting = Promise.withResolvers()
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  ;[farSocket] = (await once(server, 'connection')) as [WebSocket]
  const functions: Functions = {
    async double(number) {
      if (number > 1_000) throw new Problem('conflict', { detail: 'The number is too large.' })
      return await Promise.resolve(number * 2)
    },
    async wait() {
      waiting.resolve()
      await new Promise(() => undefined)
    },
  }
  far = streamOver<object, Functions>(farSocket, { functions, onBlock: () => undefined })
  near = streamOver<Functions, object>(socket, { functions: {}, onBlock: () => undefined })
  if (socket.readyState !== socket.OPEN) await once(socket, 'open')
})

afterEach(() => {
  socket.terminate()
  server.close()
})

test('a call has the result of the other side, or rejects with its error, and the stream goes on', async () => {
  expect(await near.remote.double(1_000)).toBe(2_000)
  await expect(near.remote.double(1_001)).rejects.toMatchObject({
    code: 'conflict',
    detail: 'The number is too large.',
  })
  expect(await near.remote.double(21)).toBe(42)
})

test('a call rejects when its stream ends before the answer', async () => {
  void waiting.promise.then(() => far.close('going', 'the node ends'))
  await expect(near.remote.wait()).rejects.toThrow('closed')
  expect(await near.closed).toBe('the node ends')
  await expect(near.remote.double(1)).rejects.toThrow('closed')
})

test.each(['{', 'null', '{"e":null}'])('a message that cannot be read ends the stream: %s', async (text) => {
  void waiting.promise.then(() => farSocket.send(text))
  await expect(near.remote.wait()).rejects.toThrow('closed')
  expect(await far.closed).toBe('a message could not be read')
})
