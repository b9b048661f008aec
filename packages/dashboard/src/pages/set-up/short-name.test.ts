import { expect, test } from 'vitest'
import { shortName } from './short-name.ts'

test.each([
  ['Acme', 'acme'],
  ['Nordlicht Energie GmbH', 'nordlicht-energie-gmbh'],
  ['  Café & Brötchen!', 'cafe-brotchen'],
  ['7 Towers', 'towers'],
  ['北极光', ''],
  [`${'a'.repeat(38)} b`, 'a'.repeat(38)],
  ['a'.repeat(41), 'a'.repeat(39)],
])('makes a short name of "%s"', (name, expected) => {
  expect(shortName(name)).toBe(expected)
})
