import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { isValidEd25519PublicKey } from './ed25519-public-key.ts'

const P = 2n ** 255n - 19n

/** @param sign the bit that selects one of the two points with this y */
function encoded(y: bigint, sign = 0n): Uint8Array {
  return Buffer.from((y | (sign << 255n)).toString(16).padStart(64, '0'), 'hex').toReversed()
}

test('accepts every generated key', () => {
  for (let count = 0; count < 50; count += 1) {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    expect(isValidEd25519PublicKey(Buffer.from(x ?? '', 'base64url'))).toBe(true)
  }
})

test('rejects the eight points of small order, with either sign bit', () => {
  const order8 = [
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ].map((hex) => BigInt(`0x${Buffer.from(Buffer.from(hex, 'hex').toReversed()).toString('hex')}`))
  for (const y of [0n, 1n, P - 1n, ...order8]) {
    for (const sign of [0n, 1n]) expect(isValidEd25519PublicKey(encoded(y, sign)), `${y}`).toBe(false)
  }
})

test('rejects a y of p or above, even if it encodes a valid point modulo p', () => {
  const small = Array.from({ length: 19 }, (_, index) => BigInt(index)).filter((y) =>
    isValidEd25519PublicKey(encoded(y)),
  )
  expect(small.length).toBeGreaterThan(0)
  for (const y of [0n, ...small]) expect(isValidEd25519PublicKey(encoded(y + P)), `${y}`).toBe(false)
})

test('rejects the roughly half of all numbers that are not the y of a point', () => {
  const ys = Array.from({ length: 200 }, (_, index) => BigInt(index + 2))
  const sound = ys.filter((y) => isValidEd25519PublicKey(encoded(y))).length
  expect(sound).toBeGreaterThan(70)
  expect(sound).toBeLessThan(130)
})

test('rejects a point that is not written as 32 bytes', () => {
  const point = encoded(3n)
  expect(isValidEd25519PublicKey(point)).toBe(true)
  expect(isValidEd25519PublicKey(point.subarray(0, 31))).toBe(false)
  expect(isValidEd25519PublicKey(Buffer.concat([point, Buffer.alloc(1)]))).toBe(false)
  expect(isValidEd25519PublicKey(Buffer.alloc(0))).toBe(false)
})
