import { expect, test } from 'vitest'
import { isWellFormedSignature } from './signature-format.ts'

const ORDERS = [
  ['ES256', 32, 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'],
  [
    'ES384',
    48,
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ],
  [
    'ES512',
    66,
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ],
] as const

test.each(ORDERS)(
  '%s: accepts only two full-size halves from 1 to below the order',
  (algorithm, size, hex) => {
    const order = BigInt(`0x${hex}`)
    const half = (value: bigint) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')
    const form = (...halves: Buffer[]) => isWellFormedSignature(algorithm, Buffer.concat(halves), 0)
    for (const good of [1n, order - 1n]) {
      expect(form(half(good), half(1n))).toBe(true)
      expect(form(half(1n), half(good))).toBe(true)
      for (const bad of [0n, order, order + 1n]) {
        expect(form(half(good), half(bad))).toBe(false)
        expect(form(half(bad), half(good))).toBe(false)
      }
    }
    expect(form(half(1n))).toBe(false)
    expect(form(half(1n), half(1n), Buffer.alloc(1))).toBe(false)
    expect(form(half(1n), half(1n).subarray(1))).toBe(false)
    expect(form()).toBe(false)
  },
)

test('EdDSA: accepts only a little-endian S below the order, and does not modify the signature', () => {
  const withS = (hex: string) => Buffer.concat([Buffer.alloc(32, 7), Buffer.from(hex, 'hex')])
  const below = withS('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')
  const copy = Buffer.from(below)
  expect(isWellFormedSignature('EdDSA', below, 0)).toBe(true)
  expect(below).toEqual(copy)
  const order = withS('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')
  expect(isWellFormedSignature('EdDSA', order, 0)).toBe(false)
  expect(isWellFormedSignature('EdDSA', below.subarray(0, 63), 0)).toBe(false)
  expect(isWellFormedSignature('EdDSA', Buffer.alloc(65), 0)).toBe(false)
})

test('RSA: accepts only a signature as long as the modulus', () => {
  for (const algorithm of ['RS256', 'PS512'] as const) {
    expect(isWellFormedSignature(algorithm, Buffer.alloc(256), 256)).toBe(true)
    expect(isWellFormedSignature(algorithm, Buffer.alloc(255), 256)).toBe(false)
    expect(isWellFormedSignature(algorithm, Buffer.alloc(257), 256)).toBe(false)
  }
})
