import { describe, expect, test } from 'vitest'
import { isPlausible, readBasic } from './basic-authorization.ts'

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')

describe('Credentials are decoded:', () => {
  test.each([
    // The example of RFC 7617 section 2.
    ['QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'Aladdin', 'open sesame'],
    // The UTF-8 example of RFC 7617 section 2.1.
    ['dGVzdDoxMjPCow==', 'test', '123£'],
    [base64('a:b:c'), 'a', 'b:c'],
    [base64('a::'), 'a', ':'],
    [base64(`${'x'.repeat(100)}:${'y'.repeat(256)}`), 'x'.repeat(100), 'y'.repeat(256)],
    [base64('a:\u{1f511}'), 'a', '\u{1f511}'],
  ])('%s', (encoded, username, password) => {
    expect(readBasic(encoded)).toEqual({ username, password })
  })
})

describe('Credentials that cannot be valid are rejected:', () => {
  test.each([
    ['nothing', ''],
    ['no colon', base64('Aladdin')],
    ['no username', base64(':open sesame')],
    ['no password', base64('Aladdin:')],
    ['only a colon', base64(':')],
    ['no padding', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ'],
    ['half the padding', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ='],
    ['padding in the middle', 'QWxh==ZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['unused bits that are not zero', 'QWxhZGRpbjpvcGVuIHNlc2FtZR=='],
    ['base64url', Buffer.from('a:???>>>').toString('base64url')],
    ['a space', 'QWxhZGRpbjpv cGVuIHNlc2FtZQ=='],
    ['a line break', 'QWxhZGRpbjpv\ncGVuIHNlc2FtZQ=='],
    ['two credentials', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==, QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['Latin-1', base64(new Uint8Array([0x61, 0x3a, 0xa3]))],
    ['an overlong form', base64(new Uint8Array([0x61, 0x3a, 0xc0, 0xaf]))],
    ['half a character', base64(new Uint8Array([0x61, 0x3a, 0xe2, 0x82]))],
    ['a byte order mark', base64('\u{feff}a:b')],
    ['a control character in the username', base64('a\x00:b')],
    ['a control character in the password', base64('a:b\x1f')],
    ['DEL', base64('a:b\x7f')],
    ['a line break in the password', base64('a:b\n')],
    ['a non-ASCII username', base64('é:b')],
    ['a username that is too long', base64(`${'x'.repeat(101)}:y`)],
    ['a password that is too long', base64(`x:${'y'.repeat(257)}`)],
    ['a password of too many bytes', base64(`x:${'é'.repeat(129)}`)],
    ['a megabyte', base64(`x:${'y'.repeat(1_000_000)}`)],
  ])('%s', (_what, encoded) => {
    expect(readBasic(encoded)).toBeUndefined()
  })
})

test('A username with a colon and a password that is not text are never plausible', () => {
  expect(isPlausible({ username: 'a', password: 'b:c' })).toBe(true)
  expect(isPlausible({ username: 'a:b', password: 'c' })).toBe(false)
  expect(isPlausible({ username: 'a', password: '\ud83d' })).toBe(false)
})
