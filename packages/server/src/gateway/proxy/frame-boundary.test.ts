import { describe, expect, test } from 'vitest'
import { FrameBoundary, policyCloseFrame } from './frame-boundary.ts'

/** A frame whose payload is filled with bytes that look like headers. */
function frame(opcode: number, length: number, isMasked = false): Buffer {
  const long = Buffer.alloc(8)
  long.writeBigUInt64BE(BigInt(length))
  const sizes = length < 126 ? [] : length < 65_536 ? long.subarray(6) : long
  const short = length < 126 ? length : length < 65_536 ? 126 : 127
  return Buffer.concat([
    Buffer.from([0x80 | opcode, (isMasked ? 0x80 : 0) | short]),
    Buffer.from(sizes),
    Buffer.alloc(isMasked ? 4 : 0, 0xff),
    Buffer.alloc(length, 0x88),
  ])
}

const FRAMES = [
  ...[0, 1, 125, 126, 127, 65_535, 65_536].map((length) => frame(1, length)),
  frame(9, 4),
  frame(2, 300, true),
  frame(10, 0, true),
]

describe('A frame boundary', () => {
  test('is reached exactly after each frame', () => {
    for (const each of FRAMES) {
      const frames = new FrameBoundary()
      expect(frames.isAtBoundary).toBe(true)
      for (const [index, byte] of each.entries()) {
        frames.track(Buffer.from([byte]))
        if (index < each.length - 1 && frames.isAtBoundary) throw new Error(`a boundary after byte ${index}`)
      }
      expect(frames.isAtBoundary).toBe(true)
      expect(frames.isClosing).toBe(false)
    }
  })

  test.each([1, 2, 3, 7, 1000, 1_000_000])('is found in chunks of %i bytes', (size) => {
    const bytes = Buffer.concat(FRAMES)
    const frames = new FrameBoundary()
    for (let at = 0; at < bytes.length; at += size) frames.track(bytes.subarray(at, at + size))
    expect(frames.isAtBoundary).toBe(true)
    frames.track(bytes.subarray(0, 1))
    expect(frames.isAtBoundary).toBe(false)
  })

  test('knows a close frame from its first two bytes', () => {
    const frames = new FrameBoundary()
    frames.track(Buffer.from([0x88]))
    expect(frames.isClosing).toBe(false)
    frames.track(Buffer.from([0x02]))
    expect([frames.isClosing, frames.isAtBoundary]).toEqual([true, false])
  })
})

test('the close frame names the policy violation and the reason', () => {
  expect(policyCloseFrame('key_deleted').toString('latin1')).toBe('\x88\x0d\x03\xf0key_deleted')
})
