import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { limitBodyTime } from './body-deadline.ts'
import { answerClientError } from './client-errors.ts'
import type { ControlApp } from './routing/control-app.ts'

const DEADLINE_MS = 200

/** An app with a route whose bodies have the usual time, and one whose bodies have as much as they like. */
async function openApp() {
  const app = fastify({
    requestTimeout: 0,
    clientErrorHandler: answerClientError((count) => new Uint8Array(count)),
  }) as unknown as ControlApp
  limitBodyTime(app, DEADLINE_MS)
  app.post('/usual', async ({ body }) => await Promise.resolve(body))
  app.post('/long', { config: { bodyDeadlineMs: 60_000 } }, async ({ body }) => await Promise.resolve(body))
  await app.ready()
  app.server.listen(0, '127.0.0.1')
  await once(app.server, 'listening')
  const { port } = app.server.address() as AddressInfo
  return {
    send: (path: string) => {
      const sending = request({ port, path, method: 'POST', headers: { 'content-type': 'application/json' } })
      sending.write('{"a":')
      return sending
    },
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}

test('a body that takes too long gets 408 and ends the connection', async () => {
  await using app = await openApp()
  const sending = app.send('/usual')
  const [answer] = await once(sending, 'response')
  expect([answer.statusCode, answer.headers.connection]).toEqual([408, 'close'])
  expect(await text(answer)).toContain('request_timeout')
})

test('a body of a route that allows more arrives when another one is refused', async () => {
  await using app = await openApp()
  const long = app.send('/long')
  // Sent later, so that its time is over later.
  const usual = app.send('/usual')
  const [refused] = await once(usual, 'response')
  expect(refused.statusCode).toBe(408)
  long.end('1}')
  const [answer] = await once(long, 'response')
  expect([answer.statusCode, await text(answer)]).toEqual([200, '{"a":1}'])
})
