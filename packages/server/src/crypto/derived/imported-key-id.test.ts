import { randomBytes } from 'node:crypto'
import { isKeyId } from '@sallyport/core'
import { expect, test } from 'vitest'
import { tokenDigestBytes } from '../digest.ts'
import { importedKeyId, importedKeyIdSecret } from './imported-key-id.ts'

const secret = importedKeyIdSecret(Buffer.alloc(32, 7))
const digest = tokenDigestBytes('abc')

test('a token has the same id each time, which has the form of every key id', () => {
  const id = importedKeyId(secret, digest)
  expect(isKeyId(id)).toBe(true)
  expect(importedKeyId(importedKeyIdSecret(Buffer.alloc(32, 7)), tokenDigestBytes('abc'))).toBe(id)
})

test('another token or another master key gives another id', () => {
  const id = importedKeyId(secret, digest)
  expect(importedKeyId(secret, tokenDigestBytes('abd'))).not.toBe(id)
  expect(importedKeyId(importedKeyIdSecret(Buffer.alloc(32, 8)), digest)).not.toBe(id)
})

test('each character of an id depends on the whole digest', () => {
  const ids = Array.from({ length: 2_000 }, () => importedKeyId(secret, randomBytes(32)))
  expect(new Set(ids).size).toBe(2_000)
  for (let at = 4; at < 20; at += 1) expect(new Set(ids.map((id) => id.charAt(at))).size).toBe(62)
})
