import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64url } from './base64url.ts'

test('decodes the canonical encoding of any bytes and rejects every variant of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url')
      expect(decodeBase64url(text)).toEqual(Buffer.from(bytes))
      for (const loose of [`${text}=`, ` ${text}`, `${text}\n`, `${text}+`, `${text}/`, `${text}A===`]) {
        expect(decodeBase64url(loose), loose).toBeUndefined()
      }
    }),
  )
})

test('rejects non-zero trailing bits, impossible lengths and padding', () => {
  expect(decodeBase64url('AA')).toEqual(Buffer.from([0]))
  for (const text of ['AB', 'A', 'AAB', 'AAAAA', 'AA==', 'AAA='])
    expect(decodeBase64url(text), text).toBeUndefined()
})
