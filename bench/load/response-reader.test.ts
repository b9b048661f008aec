import { describe, expect, test } from 'vitest'
import { ResponseReader } from './response-reader.ts'

const RESPONSE = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')

describe('ResponseReader', () => {
  test('finds the end of consecutive responses', () => {
    const reader = new ResponseReader(200)
    expect(reader.take(RESPONSE)).toBe(true)
    expect(reader.take(RESPONSE)).toBe(true)
  })

  test('finds the end of a response that arrives in two chunks, split anywhere', () => {
    for (let cut = 1; cut < RESPONSE.length; cut += 1) {
      const reader = new ResponseReader(200)
      expect(reader.take(RESPONSE.subarray(0, cut))).toBe(false)
      expect(reader.take(RESPONSE.subarray(cut))).toBe(true)
    }
  })

  test('keeps a partial head after its buffer is overwritten', () => {
    const reader = new ResponseReader(200)
    const memory = Buffer.from(RESPONSE.subarray(0, 20))
    expect(reader.take(memory)).toBe(false)
    memory.fill(0)
    expect(reader.take(RESPONSE.subarray(20))).toBe(true)
  })

  test('accepts a response without a body', () => {
    const reader = new ResponseReader(200)
    expect(reader.take(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))).toBe(true)
  })

  test.each([
    ['another status', 'HTTP/1.1 201 OK\r\ncontent-length: 0\r\n\r\n', 'not 200'],
    ['no length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', 'has no Content-Length'],
    ['more than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab', 'longer'],
    ['a head without an end', 'x'.repeat(20_000), 'no end'],
  ])('rejects %s', (_name, text, reason) => {
    expect(() => new ResponseReader(200).take(Buffer.from(text))).toThrow(reason)
  })
})
