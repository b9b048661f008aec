import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { miscopied, sampleToken } from '../testing/sample-tokens.ts'
import { TextSearch } from './text-search.ts'

const TOKEN = sampleToken(1)
const OTHER = sampleToken(2, 'public')

/** Where tokens are in a text that arrives in pieces: the token, its line and its column. */
function searched(bytes: Buffer, pieceBytes = bytes.length): (string | number)[][] {
  const found: (string | number)[][] = []
  const search = new TextSearch(({ token, line, column }) => found.push([token.token, line, column]))
  let from = 0
  do {
    const to = Math.min(bytes.length, from + pieceBytes)
    search.search(bytes, from, to, to === bytes.length)
    from = to
  } while (from < bytes.length)
  return found
}

const utf8 = (text: string) => searched(Buffer.from(text))
const at = (line: number, column: number, token = TOKEN) => [[token, line, column]]

describe('a token is found', () => {
  test.each([
    ['alone', TOKEN, at(1, 1)],
    ['of a public key', OTHER, at(1, 1, OTHER)],
    ['between spaces', ` ${TOKEN} `, at(1, 2)],
    ['after an equals sign', `KEY=${TOKEN}\n`, at(1, 5)],
    ['between quotes', `{"key":"${TOKEN}"}`, at(1, 9)],
    ['after a hyphen, before a full stop', `a-${TOKEN}.`, at(1, 3)],
    ['on a later line', `one\ntwo\r\n  ${TOKEN}`, at(3, 3)],
    ['after characters of several bytes', `é€😀 ${TOKEN}`, at(1, 5)],
    ['after a byte order mark', `\uFEFF${TOKEN}`, at(1, 1)],
    ['before a letter with an accent', `${TOKEN}é`, at(1, 1)],
    ['after an escaped line feed', String.raw`"a\n${TOKEN}"`, at(1, 5)],
    ['after an escaped equals sign of JSON', String.raw`key\u003d${TOKEN}`, at(1, 10)],
    ['after an escaped byte', String.raw`\x3d${TOKEN}`, at(1, 5)],
    ['after an octal escape', String.raw`\012${TOKEN}`, at(1, 5)],
    ['after an equals sign of a URL', `key%3D${TOKEN}%26a=b`, at(1, 7)],
    ['in a colour of a terminal', `\u001B[1;38;5;196m${TOKEN}\u001B[0m`, at(1, 14)],
    ['between zero bytes', `\0${TOKEN}\0`, at(1, 2)],
    ['after a long word', `${'a'.repeat(500)} ${TOKEN}`, at(1, 502)],
    ['after half of a token', `${TOKEN.slice(0, 30)} ${TOKEN}`, at(1, 32)],
    ['twice on a line', `${TOKEN},${TOKEN}`, [...at(1, 1), ...at(1, 63)]],
    ['beside another one', `${TOKEN} ${OTHER}`, [...at(1, 1), ...at(1, 63, OTHER)]],
  ])('%s', (_name, text, places) => {
    expect(utf8(text)).toEqual(places)
    expect(searched(Buffer.from(text), 1)).toEqual(places)
  })
})

describe('no token is found', () => {
  const [start, end] = [TOKEN.slice(0, 40), TOKEN.slice(40)]
  test.each([
    ['with a wrong check', miscopied(TOKEN)],
    [
      'with another character of the secret',
      TOKEN.slice(0, 30) + (TOKEN[30] === 'x' ? 'y' : 'x') + TOKEN.slice(31),
    ],
    ['that a line feed splits', `${start}\n${end}`],
    ['that a carriage return and a line feed split', `${start}\r\n${end}`],
    ['that a space splits', `${start} ${end}`],
    ['that is one character short', TOKEN.slice(0, -1)],
    ['that lacks its first character', TOKEN.slice(1)],
    ['that is one character long', `${TOKEN}0`],
    ['that continues with an underscore', `${TOKEN}_`],
    ['that continues with another one', TOKEN + OTHER],
    ['after a letter', `x${TOKEN}`],
    ['after an underscore', `_${TOKEN}`],
    ['after a digit', `1${TOKEN}`],
    ['after an escape sequence and a letter', String.raw`\nx${TOKEN}`],
    ['after a percent sign and one digit', `%3${TOKEN}`],
    ['inside a long word', 'a'.repeat(500) + TOKEN],
    ['with a prefix of another type', TOKEN.replace('sp_sk_', 'sp_rk_')],
    ['with a prefix of another product', TOKEN.replace('sp_sk_', 'sk_live_')],
    ['with a prefix in capital letters', TOKEN.replace('sp_sk_', 'SP_SK_')],
    ['whose prefix is that of the other type', TOKEN.replace('sp_sk_', 'sp_pk_')],
    ['in an empty text', ''],
  ])('%s', (_name, text) => {
    expect(utf8(text)).toEqual([])
    expect(searched(Buffer.from(text), 1)).toEqual([])
  })
})

describe('UTF-16', () => {
  const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
  const littleEndian = (text: string): Buffer => Buffer.from(text, 'utf16le')

  test.each([
    ['alone', TOKEN, at(1, 1)],
    ['after a byte order mark', `\uFEFF${TOKEN}`, at(1, 1)],
    ['on a later line', `één\r\n\n  ${TOKEN}\r\n`, at(3, 3)],
    ['between quotes', `"${TOKEN}"`, at(1, 2)],
    ['between letters outside of ASCII', `中${TOKEN}中`, at(1, 2)],
    ['after an escaped line feed', String.raw`"\n${TOKEN}"`, at(1, 4)],
    ['with a wrong check', miscopied(TOKEN), []],
    ['after a letter', `x${TOKEN}`, []],
    ['before a letter', `${TOKEN}x`, []],
    ['split by a line feed', `${TOKEN.slice(0, 9)}\n${TOKEN.slice(9)}`, []],
  ])('a token %s', (_name, text, places) => {
    for (const bytes of [littleEndian(text), bigEndian(text)]) {
      expect(searched(bytes)).toEqual(places)
      expect(searched(bytes, 1)).toEqual(places)
    }
  })

  test('a token at an odd offset of other bytes', () => {
    const bytes = Buffer.concat([Buffer.from([1, 255, 3]), littleEndian(` ${TOKEN} `), Buffer.from([9])])
    expect(searched(bytes).map(([token]) => token)).toEqual([TOKEN])
  })
})

/** Parts that texts with and without tokens are made of. */
const PART = fc.oneof(
  fc.constantFrom(TOKEN, OTHER, miscopied(TOKEN), TOKEN.slice(0, 50), 'sp_sk_', 'sp_', 's', '_'),
  fc.constantFrom(' ', '\n', '\0', '"', String.raw`\n`, '%3D', 'é', '\u001B[31m', 'a'.repeat(70)),
  fc.string({ maxLength: 8 }),
)

test('the result does not depend on the pieces in which a text arrives, nor on the text before it', () => {
  fc.assert(
    fc.property(
      fc.array(PART, { maxLength: 12 }),
      fc.integer({ min: 1, max: 200 }),
      fc.boolean(),
      (parts, size, wide) => {
        const bytes = Buffer.from(parts.join(''), wide ? 'utf16le' : 'utf8')
        const whole = searched(bytes)
        expect(searched(bytes, size)).toEqual(whole)
        const found: unknown[] = []
        const search = new TextSearch(({ token, line, column }) => found.push([token.token, line, column]))
        for (let from = 0; from < bytes.length; from += size) {
          search.search(bytes, from, Math.min(bytes.length, from + size), from + size >= bytes.length)
        }
        found.splice(0)
        search.search(bytes, 0, bytes.length, true)
        expect(found).toEqual(whole)
      },
    ),
    { numRuns: 3000 },
  )
})

test('the result is that of a pattern which reads every character', () => {
  const pattern = /(?<![\w])sp_[sp]k_[0-9A-Za-z]{16}_[0-9A-Za-z]{38}(?!\w)/g
  const plain = fc.oneof(
    fc.constantFrom(
      TOKEN,
      OTHER,
      miscopied(TOKEN),
      TOKEN.slice(0, 50),
      'sp_sk_',
      '\n',
      ' ',
      '=',
      '_',
      'a'.repeat(70),
    ),
    fc.stringMatching(/^\w{0,9}$/),
  )
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      const expected = [...text.matchAll(pattern)].map(String).filter((word) => [TOKEN, OTHER].includes(word))
      expect(utf8(text).map(([token]) => token)).toEqual(expected)
    }),
    { numRuns: 3000 },
  )
})
