import { HOP_BY_HOP } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { connectionOptions, isFramingHeader } from './hop-by-hop.ts'

// RFC 9110 section 7.6.1, RFC 9112 section 6.1, and `Proxy-Connection` of older browsers.
const OF_THE_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]

describe('A header', () => {
  test.each(OF_THE_CONNECTION)('%s belongs to the connection, and so controls framing', (name) => {
    expect([HOP_BY_HOP.has(name), isFramingHeader(name)]).toEqual([true, true])
  })

  test.each(['content-length', 'trailer'])('%s describes the message, and controls framing', (name) => {
    expect([HOP_BY_HOP.has(name), isFramingHeader(name)]).toEqual([false, true])
  })

  test.each(['content-type', 'authorization', 'upgrade-insecure-requests', 'cookie', ''])(
    '"%s" belongs to the message',
    (name) => {
      expect([HOP_BY_HOP.has(name), isFramingHeader(name)]).toEqual([false, false])
    },
  )
})

describe('The value of Connection', () => {
  test.each([
    ['x-hop', ['x-hop']],
    ['close, X-Hop,x-other', ['close', 'x-hop', 'x-other']],
    [' X-Hop\t, keep-alive ', ['x-hop', 'keep-alive']],
  ])('"%s" names headers in any case and spacing', (connection, names) => {
    expect([...(connectionOptions(connection) ?? [])]).toEqual(names)
  })

  test.each([undefined, 'keep-alive', 'close'])('%s names no header', (connection) => {
    expect(connectionOptions(connection)).toBeNull()
  })
})
