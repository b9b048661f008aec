import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { newCredential } from '../stream/credentials.ts'
import { SPOKEN } from '../stream/versions.ts'
import { AUTHENTICATING_MAX, openStreamServer, type StreamServerDeps } from './stream-server.ts'

test('peers without a known credential do not occupy more than a part of what a relay may ask', async () => {
  const found = Promise.withResolvers<undefined>()
  let asked = 0
  const enrolments = {
    find: async () => {
      asked += 1
      return await found.promise
    },
  }
  const server = openStreamServer({
    enrolments,
    removalOf: async () => await Promise.resolve(undefined),
    logger: pino({ level: 'silent' }),
    nowMs: Date.now,
    versions: SPOKEN,
  } as unknown as StreamServerDeps)
  /** @returns the answer */
  const begin = async (): Promise<string> => {
    const socket = new PassThrough()
    const request = { headers: { authorization: `Bearer ${newCredential()}` } } as IncomingMessage
    server.begin(request, socket, Buffer.alloc(0))
    return await text(socket)
  }
  const waiting = Array.from({ length: AUTHENTICATING_MAX }, begin)
  expect(await begin()).toMatch(/^HTTP\/1\.1 503 /)
  expect(asked).toBe(AUTHENTICATING_MAX)
  found.resolve(undefined)
  const answers = await Promise.all(waiting)
  expect(new Set(answers.map((answer) => answer.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 401']))
  // Then there is room again.
  expect(await begin()).toMatch(/^HTTP\/1\.1 401 /)
})
