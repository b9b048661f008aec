import { parseToken } from '@sallyport/core/key-text'
import { expect, test } from 'vitest'
import { sampleToken } from '../testing/sample-tokens.ts'
import { Finds, PLACES_MAX } from './finds.ts'
import type { Place } from './place.ts'

const NO_EXCEPTION: ReadonlySet<string> = new Set()

function parsed(number: number, type: 'public' | 'secret' = 'secret') {
  const token = parseToken(sampleToken(number, type))
  if (token === undefined) throw new Error('the sample is no token')
  return token
}

const place = (line: number): Place => ({ kind: 'file', path: 'a', line, column: 1 })

test('finds list each token once with its places, secret keys first, and without their texts', () => {
  const finds = new Finds(NO_EXCEPTION)
  finds.add(parsed(1, 'public'), place(1))
  finds.add(parsed(2), place(2))
  finds.add(parsed(1, 'public'), place(3))
  finds.add(parsed(3), place(4))
  const list = finds.list()
  expect(list.map(({ type }) => type)).toEqual(['secret', 'secret', 'public'])
  expect(list.at(-1)).toEqual({
    keyId: parsed(1, 'public').keyId,
    type: 'public',
    hint: expect.stringMatching(/^sp_pk_\w{16}_…\w{4}$/),
    places: [place(1), place(3)],
  })
})

test('finds leave out the keys of an exception', () => {
  const finds = new Finds(new Set([parsed(1).keyId]))
  finds.add(parsed(1), place(1))
  finds.addUnlisted(parsed(1))
  expect(finds.list()).toEqual([])
  expect(finds.unlistedPlaces('secret')).toBe(0)
})

test('finds count the places beyond their limit by type, also of tokens that are not listed', () => {
  const finds = new Finds(NO_EXCEPTION)
  const [token, other] = [parsed(1), parsed(2)]
  for (let line = 1; line <= PLACES_MAX; line += 1) finds.add(token, place(line))
  expect(finds.unlistedPlaces('secret')).toBe(0)
  finds.add(token, place(1))
  finds.add(other, place(1))
  finds.add(parsed(3, 'public'), place(1))
  expect(finds.list()).toHaveLength(1)
  expect(finds.list()[0]?.places).toHaveLength(PLACES_MAX)
  expect([finds.unlistedPlaces('secret'), finds.unlistedPlaces('public')]).toEqual([2, 1])
})
