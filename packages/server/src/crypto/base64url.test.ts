import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64url } from './base64url.ts'

test('Every text is the encoding of its bytes or refused', () => {
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

test('Bits left over must be zero, and no text is one letter longer than whole groups', () => {
  expect(decodeBase64url('AA')).toEqual(Buffer.from([0]))
  for (const text of ['AB', 'A', 'AAB', 'AAAAA', 'AA==', 'AAA='])
    expect(decodeBase64url(text), text).toBeUndefined()
})
