import { describe, expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')

describe('AnswerReader', () => {
  test('finds the end of answer after answer', () => {
    const reader = new AnswerReader(200)
    expect(reader.take(ANSWER)).toBe(true)
    expect(reader.take(ANSWER)).toBe(true)
  })

  test('finds it wherever the bytes are cut', () => {
    for (let cut = 1; cut < ANSWER.length; cut += 1) {
      const reader = new AnswerReader(200)
      expect(reader.take(ANSWER.subarray(0, cut))).toBe(false)
      expect(reader.take(ANSWER.subarray(cut))).toBe(true)
    }
  })

  test('keeps what it has of a head when the memory that it came in is used again', () => {
    const reader = new AnswerReader(200)
    const memory = Buffer.from(ANSWER.subarray(0, 20))
    expect(reader.take(memory)).toBe(false)
    memory.fill(0)
    expect(reader.take(ANSWER.subarray(20))).toBe(true)
  })

  test('takes an answer without a body', () => {
    const reader = new AnswerReader(200)
    expect(reader.take(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))).toBe(true)
  })

  test.each([
    ['another status', 'HTTP/1.1 201 OK\r\ncontent-length: 0\r\n\r\n', 'not 200'],
    ['no length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', 'does not say its length'],
    ['more than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab', 'longer'],
    ['a head without an end', 'x'.repeat(20_000), 'no end'],
  ])('refuses %s', (_name, text, reason) => {
    expect(() => new AnswerReader(200).take(Buffer.from(text))).toThrow(reason)
  })
})
