import { describe, expect, test } from 'vitest'
import {
  KEY_SEARCH_CHARS_MAX,
  keySection,
  keyTerms,
  nameOrder,
  parseKeySearch,
  parseKeySection,
  rollingUntilMs,
  searchedWords,
} from './key-search.ts'

const ID = 'key_4fT0Qm2ZrX9bLk7A'
const NONE = { name: '-', id: ID, hints: [], roles: [], consumer: null }

describe('the terms of a key', () => {
  test('are the words of its name, its id and its hints, its roles and its consumer', () => {
    const key = {
      name: 'Mobile-App, mobile (v2)',
      id: ID,
      hints: ['sp_sk_4fT0Qm2ZrX9bLk7A_…a1B2', 'sp_sk_4fT0Qm2ZrX9bLk7A_…zzzz'],
      roles: ['invoker', 'invoker'],
      consumer: 'con_1',
    }
    expect(keyTerms(key)).toEqual([
      'w:mobile',
      'w:app',
      'w:v2',
      'w:4ft0qm2zrx9blk7a',
      'w:a1b2',
      'w:zzzz',
      'r:invoker',
      'c:con_1',
    ])
  })

  test('are also the words of the values of its labels, and the labels', () => {
    const key = { ...NONE, labels: { team: 'Payments, EU', tier: '' } }
    expect(keyTerms(key)).toEqual([
      'w:4ft0qm2zrx9blk7a',
      'w:payments',
      'w:eu',
      'l:team:Payments%2C%20EU',
      'l:tier:',
    ])
  })

  test('never contain a space, whatever the name', () => {
    for (const name of ['a\u00a0b', 'ｱ　ｲ', 'x\u2003y', '😀']) {
      expect(keyTerms({ ...NONE, name }).filter((term) => /\s/.test(term))).toEqual([])
    }
  })

  test('make compatible characters and cases equal, and keep accents', () => {
    expect(keyTerms({ ...NONE, name: 'ＡPP É e\u0301 STRASSE' })).toEqual([
      'w:app',
      'w:é',
      'w:strasse',
      'w:4ft0qm2zrx9blk7a',
    ])
  })
})

describe('a search', () => {
  test('has the words of its text, without the prefixes of ids, tokens and hints', () => {
    expect(searchedWords('Mob app')).toEqual(['mob', 'app'])
    expect(searchedWords(ID)).toEqual(['4ft0qm2zrx9blk7a'])
    expect(searchedWords('sp_pk_4fT0 SP_SK_4fT0_…zz')).toEqual(['4ft0', 'zz'])
    expect(searchedWords('key_')).toEqual([])
    expect(searchedWords('monkey_x')).toEqual(['monkey', 'x'])
  })

  test('is refused if it has no word, too many of them, or a token', () => {
    const secret = '0'.repeat(32)
    for (const search of [
      '',
      '-',
      '…',
      'a b c d e f g h i',
      'x'.repeat(KEY_SEARCH_CHARS_MAX + 1),
      `sp_sk_4fT0Qm2ZrX9bLk7A_${secret}000000`,
      `see sp_pk_4fT0Qm2ZrX9bLk7A_${secret}`,
    ]) {
      expect([search, parseKeySearch(search).ok]).toEqual([search, false])
    }
    for (const search of [
      'a b c d e f g h',
      'x'.repeat(KEY_SEARCH_CHARS_MAX),
      'sp_sk_4fT0Qm2ZrX9bLk7A_…a1B2',
      'key_',
    ]) {
      expect([search, parseKeySearch(search).ok]).toEqual([search, true])
    }
  })
})

test('names are ordered whatever their case', () => {
  expect(['b', 'A', 'É', 'a'].toSorted((one, other) => (nameOrder(one) < nameOrder(other) ? -1 : 1))).toEqual(
    ['A', 'a', 'b', 'É'],
  )
})

test('a section says what it is made of', () => {
  const key = { active: true, isDeleted: false, type: 'secret', environment: 'test' } as const
  expect(parseKeySection(keySection(key))).toEqual({ status: 'on', type: 'secret', environment: 'test' })
  expect(parseKeySection(keySection({ ...key, active: false, environment: null }))).toEqual({
    status: 'off',
    type: 'secret',
    environment: null,
  })
  expect(parseKeySection(keySection({ ...key, active: false, isDeleted: true, type: 'public' }))).toEqual({
    status: 'deleted',
    type: 'public',
    environment: 'test',
  })
})

test('a key is rolling until the earlier of its two live secrets ends', () => {
  expect(rollingUntilMs([])).toBe(0)
  expect(rollingUntilMs([null])).toBe(0)
  expect(rollingUntilMs([5, null])).toBe(5)
  expect(rollingUntilMs([3, 5, null])).toBe(5)
  expect(rollingUntilMs([5, 7])).toBe(5)
})
