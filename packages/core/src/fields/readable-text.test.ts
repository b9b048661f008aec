import { describe, expect, test } from 'vitest'
import { isReadable } from './readable-text.ts'

const ZWNJ = '\u200c'
const ZWJ = '\u200d'
const TEXT_STYLE = '\ufe0e'
const EMOJI_STYLE = '\ufe0f'

describe('a readable text', () => {
  test.each([
    ['nothing', ''],
    ['Latin', 'Café Straße'],
    ['Persian with a non-joiner', `می${ZWNJ}خواهم`],
    ['Persian with one after a letter that does not join', `کار${ZWNJ}ها`],
    ['Persian with one after a mark', `مِ${ZWNJ}ن`],
    ['Hindi with a joiner after a virama', `क्${ZWJ}ष`],
    ['Hindi with a non-joiner after a virama', `क्${ZWNJ}ष`],
    ['Sinhala', `ශ්${ZWJ}රී ලංකා`],
    ['Malayalam', 'മലയാളം'],
    ['Mongolian with a vowel separator', 'ᠨ\u180eᠠ'],
    ['Mongolian with a selector', 'ᠭ\u180b'],
    ['a Japanese name with a selector', '葛\u{e0100}城'],
    ['Korean', '한국어'],
    ['Thai', 'ภาษาไทย'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['Arabic with a sign of a year', '\u0601١٩٩٤'],
    ['Adlam', '𞤀𞤣𞤤𞤢𞤥'],
    ['an ideographic space', '山田　太郎'],
    ['a family', `👩${ZWJ}👩${ZWJ}👧${ZWJ}👦`],
    ['a flag with tags', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a heart as emoji', `❤${EMOJI_STYLE}`],
    ['a telephone as text', `☎${TEXT_STYLE}`],
    ['a heart on fire', `❤${EMOJI_STYLE}${ZWJ}🔥`],
    ['a key', 'Shop 🔑 1'],
  ])('has %s', (_name, text) => {
    expect(isReadable(text)).toBe(true)
  })

  test.each([
    ['a joiner between Latin letters', `ad${ZWJ}min`],
    ['a non-joiner between Latin letters', `ad${ZWNJ}min`],
    ['a non-joiner at the end', `می${ZWNJ}`],
    ['a non-joiner at the beginning', `${ZWNJ}می`],
    ['two non-joiners', `می${ZWNJ}${ZWNJ}خواهم`],
    ['a joiner between Arabic letters', `می${ZWJ}خواهم`],
    ['a joiner before a letter that has no virama', `क${ZWJ}ष`],
    ['two joiners after a virama', `क्${ZWJ}${ZWJ}ष`],
    ['a joiner between emoji that nothing joins', `🔑${ZWJ}🔑`],
    ['a joiner alone', ZWJ],
    ['tags without a flag', 'a\u{e0067}\u{e007f}'],
    ['a selector after a Latin letter', `a${EMOJI_STYLE}`],
    ['two selectors', `葛\u{e0100}\u{e0101}`],
    ['a selector at the beginning', '\u{e0100}葛'],
    ['a zero width space', 'ad\u200bmin'],
    ['a word joiner', 'ad\u2060min'],
    ['a byte order mark', '\ufeffadmin'],
    ['a soft hyphen', 'ad\u00admin'],
    ['a grapheme joiner', 'ad\u034fmin'],
    ['a Hangul filler', '\u3164'],
    ['a half-width Hangul filler', 'a\uffa0'],
    ['a Hangul choseong filler', '\u115f'],
    ['a blank of Braille', '\u2800'],
    ['an invisible times', '2\u2062x'],
    ['a reversed direction', '\u202eevil'],
    ['an isolate', '\u2066evil'],
    ['a mark of direction', 'a\u200f'],
    ['a line separator', 'a\u2028b'],
    ['a line break', 'a\nb'],
    ['a control', 'a\0b'],
    ['half a character', '\ud800'],
    ['a private character', '\ue000'],
    ['no character', '\uffff'],
  ])('has not %s', (_name, text) => {
    expect(isReadable(text)).toBe(false)
  })

  test('is known in time in proportion to its length', () => {
    const units = [`👩${ZWJ}`, `ی${ZWNJ}`, `क्${ZWJ}`, '❤', '葛\u{e0100}', 'a']
    for (const unit of units) {
      expect(isReadable(`${unit.repeat(100_000)}\0`)).toBe(false)
    }
  })
})
