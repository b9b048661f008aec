import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { readPrivateKey } from './tls-material.ts'

/**
 * A private key of so many bits, as OpenSSL reads it. It signs nothing: its numbers are not prime, since it takes seconds to find
 * large primes. RFC 8017 appendix A.1.2.
 */
function rsaKeyOf(bits: number): KeyObject {
  const modulus = 2n ** BigInt(bits - 1) + 1n
  const half = 2n ** BigInt(Math.floor(bits / 2)) + 1n
  const numbers = [0n, modulus, 65_537n, modulus - 2n, half, half - 2n, half - 4n, half - 4n, 3n]
  const key = derOf(0x30, Buffer.concat(numbers.map(integerOf)))
  return createPrivateKey({ key, format: 'der', type: 'pkcs1' })
}

/** One value in DER (X.690 section 10.1), of at most 65,535 bytes. */
function derOf(tag: number, content: Buffer): Buffer {
  const { length } = content
  let prefix = [tag, length]
  if (length >= 0x80) prefix = [tag, 0x81, length]
  if (length >= 0x100) prefix = [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(prefix), content])
}

function integerOf(value: bigint): Buffer {
  const digits = value.toString(16)
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
  // The first bit is the sign.
  return derOf(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

const TOO_LONG = 'it is an RSA key of more than 4096 bits'

test.each([
  [2048, undefined],
  [4096, undefined],
  [4097, TOO_LONG],
  [8192, TOO_LONG],
])('an RSA key of %i bits has the problem: %s', (bits, problem) => {
  const key = rsaKeyOf(bits)
  const text = key.export({ type: 'pkcs8', format: 'pem' })
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits)
  expect(readPrivateKey(text).problem).toBe(problem)
  // As the value of a secret, which has one line.
  expect(readPrivateKey(text.replaceAll('\n', ' ')).problem).toBe(problem)
})

test('an RSA key of the older form is measured too, and others have no such limit', () => {
  const older = rsaKeyOf(4097).export({ type: 'pkcs1', format: 'pem' })
  expect(readPrivateKey(older).problem).toBe(TOO_LONG)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' })
  expect(readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).problem).toBeUndefined()
})
