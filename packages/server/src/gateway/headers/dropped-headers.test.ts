import { describe, expect, test } from 'vitest'
import { droppedHeaders } from './dropped-headers.ts'

const { fromOthers, fromTrustedProxies } = droppedHeaders(['x-replaced'])

/** Whether a caller's header is dropped: from a trusted proxy, and from anyone else. */
function isDropped(name: string): readonly boolean[] {
  return [fromTrustedProxies.has(name), fromOthers.has(name)]
}

describe('A caller cannot send an upstream', () => {
  test.each([
    [
      'a header of the connection',
      ['connection', 'te', 'transfer-encoding', 'upgrade', 'proxy-authorization'],
    ],
    ['the target, length or expectation of another request', ['host', 'content-length', 'expect']],
    [
      'a credential',
      ['authorization', 'apikey', 'x-api-key', 'x-api-appkey', 'x-api-apptoken', 'x-access-token'],
    ],
    [
      "the gateway's own statements",
      ['via', 'x-request-id', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
    ],
    ['a path that differs from the authorized one', ['x-original-url', 'x-rewrite-url']],
    ['a header that the step sets', ['x-replaced']],
  ])('%s, not even through a trusted proxy', (_, names) => {
    for (const name of names) expect([name, ...isDropped(name)]).toEqual([name, true, true])
  })

  test.each([
    'forwarded',
    'x-real-ip',
    'x-forwarded-port',
    'x-forwarded-prefix',
    'x-forwarded-server',
    'x-forwarded-method',
    'x-forwarded-uri',
  ])('%s, except through a trusted proxy', (name) => {
    expect(isDropped(name)).toEqual([false, true])
  })
})

test.each(['cookie', 'accept', 'origin', 'trailer', 'x-replaced-by', 'x-original-path', ''])(
  'Every caller can send an upstream the header "%s"',
  (name) => {
    expect(isDropped(name)).toEqual([false, false])
  },
)

test('Steps drop only the headers that they set themselves', () => {
  expect(droppedHeaders(['x-own']).fromOthers.has('x-replaced')).toBe(false)
})
