import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decryptToken, proofOf, readLink } from '../control/pages/hand-over/link.js'
import { tokenDigest } from './digest.ts'
import { encryptToken } from './hand-over-secret.ts'

const ID = 'hov_0123456789abcdef'
const TOKEN = 'sp_sk_4fT0Qm2ZrX9bLk7A_0123456789abcdefghijklmnopqrstuvABCDEF'

test('the page of the link proves that it has the secret, and decrypts the token', async () => {
  const { secret, proofDigest, ...encrypted } = encryptToken(TOKEN, ID, randomBytes)
  const handOver = readLink(`#${ID}.${secret}`)
  expect(handOver).toEqual({ id: ID, secret })
  expect(tokenDigest(await proofOf({ id: ID, secret }))).toBe(proofDigest)
  expect(await decryptToken({ id: ID, secret }, encrypted)).toBe(TOKEN)
})

test('another secret, another hand-over and an altered ciphertext give nothing', async () => {
  const { secret, ...encrypted } = encryptToken(TOKEN, ID, randomBytes)
  const other = encryptToken(TOKEN, ID, randomBytes)
  const altered = `${encrypted.ciphertext.startsWith('A') ? 'B' : 'A'}${encrypted.ciphertext.slice(1)}`
  const attempts = [
    decryptToken({ id: ID, secret: other.secret }, encrypted),
    decryptToken({ id: 'hov_0123456789abcdeg', secret }, encrypted),
    decryptToken({ id: ID, secret }, { ...encrypted, ciphertext: altered }),
  ]
  expect((await Promise.allSettled(attempts)).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
  ])
  expect(await proofOf({ id: ID, secret: other.secret })).not.toBe(await proofOf({ id: ID, secret }))
})

test('what is stored contains neither the token nor the secret', () => {
  const { secret, ...stored } = encryptToken(TOKEN, ID, randomBytes)
  const bytes = Buffer.from(stored.ciphertext, 'base64url')
  for (const text of [TOKEN, secret]) {
    expect(JSON.stringify(stored)).not.toContain(text)
    expect(bytes.includes(text)).toBe(false)
  }
})

test('a fragment that is missing, cut or longer is not a link', () => {
  const { secret } = encryptToken(TOKEN, ID, randomBytes)
  const whole = `#${ID}.${secret}`
  for (const fragment of [
    '',
    '#',
    `#${ID}`,
    `#${ID}.`,
    whole.slice(0, -1),
    `${whole}x`,
    whole.slice(1),
    `${whole}.`,
  ]) {
    expect([fragment, readLink(fragment)]).toEqual([fragment, undefined])
  }
})

// Computed with another implementation of RFC 5869: Python's `hmac` and `hashlib`.
test('the proof of a secret never changes, since stored links depend on it', async () => {
  const handOver = { id: ID, secret: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg' }
  expect(await proofOf(handOver)).toBe('L-7GqTeAJuPOoCMRbk37uijjPYPF4hh-hYReRcgbm-U')
})
