import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { crc32 as checksumOfZlib } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32, isKeyId, makeKeyId, makeToken, parseToken, TOKEN_CHARS, tokenHint } from './key-text.ts'

interface KeyVector {
  readonly name: string
  readonly text: string
  readonly parsed: { readonly type: string; readonly keyId: string } | null
  readonly hint?: string
  readonly crc32?: number
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/keys.json', import.meta.url), 'utf8'),
) as {
  readonly tokens: readonly KeyVector[]
}

describe('parseToken, by vectors/keys.json', () => {
  test.each(vectors.tokens)('$name', ({ text, parsed, hint, crc32: check }) => {
    expect(parseToken(text)).toEqual(parsed === null ? undefined : { token: text, ...parsed })
    if (parsed === null) return
    expect(tokenHint(text)).toBe(hint)
    expect(crc32(text, TOKEN_CHARS - 6)).toBe(check)
  })
})

test('crc32 is the checksum of zlib for each length, and counts only the characters up to it', () => {
  for (let length = 0; length <= TOKEN_CHARS; length += 1) {
    const text = Array.from({ length }, (_, index) =>
      String.fromCharCode(33 + ((index * 7 + length) % 90)),
    ).join('')
    expect(crc32(text, length)).toBe(checksumOfZlib(text))
    expect(crc32(`${text}x`, length)).toBe(checksumOfZlib(text))
  }
})

/** Bytes that depend only on the seed, so that a failure can be repeated. */
function bytesFrom(seed: number): (count: number) => Uint8Array {
  let drawn = 0
  return (count) => {
    drawn += 1
    return createHash('sha512').update(`${seed} ${drawn}`).digest().subarray(0, count)
  }
}

const type = fc.constantFrom('public' as const, 'secret' as const)
const seed = fc.integer()
const position = fc.nat(TOKEN_CHARS - 1)

function tokenOf(kind: 'public' | 'secret', from: number): string {
  const bytes = bytesFrom(from)
  return makeToken(kind, makeKeyId(bytes), bytes)
}

describe('a token from makeToken', () => {
  test('is parsed back', () => {
    fc.assert(
      fc.property(type, seed, (kind, from) => {
        const bytes = bytesFrom(from)
        const keyId = makeKeyId(bytes)
        const token = makeToken(kind, keyId, bytes)
        expect(isKeyId(keyId)).toBe(true)
        expect(parseToken(token)).toEqual({ token, type: kind, keyId })
      }),
    )
  })

  test('is rejected when any one character changes', () => {
    fc.assert(
      fc.property(
        type,
        seed,
        position,
        fc.string({ minLength: 1, maxLength: 1 }),
        (kind, from, at, other) => {
          const token = tokenOf(kind, from)
          fc.pre(token.charAt(at) !== other)
          expect(parseToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('is rejected when another base62 character replaces one', () => {
    const token = tokenOf('secret', 1)
    for (let at = 6; at < TOKEN_CHARS; at += 1) {
      for (const other of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
        if (other === token.charAt(at)) continue
        expect(parseToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
      }
    }
  })

  test('is rejected when two characters are swapped', () => {
    fc.assert(
      fc.property(type, seed, position, position, (kind, from, one, other) => {
        const characters = tokenOf(kind, from).split('')
        const [a = '', b = ''] = [characters[one], characters[other]]
        fc.pre(a !== b)
        characters[one] = b
        characters[other] = a
        expect(parseToken(characters.join(''))).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  test('shows four characters of its secret in the hint and none of the checksum', () => {
    const token = tokenOf('secret', 2)
    expect(tokenHint(token)).toBe(`${token.slice(0, 22)}_…${token.slice(51, 55)}`)
  })
})

describe('key ids', () => {
  test.each([
    ['key_4fT0Qm2ZrX9bLk7A', true],
    ['key_4fT0Qm2ZrX9bLk7', false],
    ['key_4fT0Qm2ZrX9bLk7AA', false],
    ['key-4fT0Qm2ZrX9bLk7A', false],
    ['xkey_4fT0Qm2ZrX9bLk7A', false],
    ['key_4fT0Qm2ZrX9bLk7_', false],
    ['key_4fT0Qm2ZrX9bLk7A\n', false],
    ['', false],
  ])('isKeyId(%j) is %s', (text, valid) => {
    expect(isKeyId(text)).toBe(valid)
  })

  test('ignore random bytes that would make some characters more likely', () => {
    const draws = [Uint8Array.of(248, 255, 247, 0), Uint8Array.of(61, 62, 1, 2)]
    let drawn = 0
    const id = makeKeyId(() => draws[Math.min(1, drawn++)] ?? new Uint8Array())
    expect(id).toBe('key_z0z012z012z012z0')
  })
})
