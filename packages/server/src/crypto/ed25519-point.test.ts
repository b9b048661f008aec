import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSoundEd25519Point } from './ed25519-point.ts'

const P = 2n ** 255n - 19n

/** @param sign the bit that says which of two points with this y it is */
function encoded(y: bigint, sign = 0n): Uint8Array {
  return Buffer.from((y | (sign << 255n)).toString(16).padStart(64, '0'), 'hex').toReversed()
}

test('Every key that is made is sound', () => {
  for (let count = 0; count < 50; count += 1) {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    expect(isSoundEd25519Point(Buffer.from(x ?? '', 'base64url'))).toBe(true)
  }
})

test('The eight points of small order are not, whatever their sign says', () => {
  const order8 = [
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  ].map((hex) => BigInt(`0x${Buffer.from(Buffer.from(hex, 'hex').toReversed()).toString('hex')}`))
  for (const y of [0n, 1n, P - 1n, ...order8]) {
    for (const sign of [0n, 1n]) expect(isSoundEd25519Point(encoded(y, sign)), `${y}`).toBe(false)
  }
})

test('A number that the field does not have is refused, though it stands for a point that is sound', () => {
  const small = Array.from({ length: 19 }, (_, index) => BigInt(index)).filter((y) =>
    isSoundEd25519Point(encoded(y)),
  )
  expect(small.length).toBeGreaterThan(0)
  for (const y of small) expect(isSoundEd25519Point(encoded(y + P)), `${y}`).toBe(false)
})

test('About half of all numbers are the y of no point', () => {
  const ys = Array.from({ length: 200 }, (_, index) => BigInt(index + 2))
  const sound = ys.filter((y) => isSoundEd25519Point(encoded(y))).length
  expect(sound).toBeGreaterThan(70)
  expect(sound).toBeLessThan(130)
  expect(isSoundEd25519Point(encoded(3n).subarray(1))).toBe(false)
})
