import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { structured, structuredItems } from './structured.ts'

const ITEMS = [
  { id: 'key_1', name: 'one\ntwo', roles: [], labels: { team: 'a' } },
  { id: 'key_2', name: '\u009B31m \u202E \u007F', roles: ['developer'], labels: {} },
]

function listText(items: readonly unknown[], format: 'json' | 'yaml'): string {
  return [...structuredItems(items, format)].join('\n')
}

test('a list is printed as one document, item by item', () => {
  expect(listText(ITEMS.slice(0, 1), 'json')).toBe(JSON.stringify(ITEMS.slice(0, 1), null, 2))
  expect(JSON.parse(listText(ITEMS, 'json'))).toEqual(ITEMS)
  expect(parse(listText(ITEMS, 'yaml'))).toEqual(ITEMS)
  expect([listText([], 'json'), listText([], 'yaml')]).toEqual(['[]', '[]'])
})

test.each(['json', 'yaml'] as const)('%s has no character that a terminal would act on', (format) => {
  const [, item] = ITEMS
  const text = structured(item, format)
  expect(text).toMatch(/^[\n\u0020-\u007e]*$/)
  expect(parse(text)).toEqual(item)
})

test('YAML quotes what an older reader would take for something else', () => {
  const value = { mode: 'no', at: '2027-01-31T00:00:00Z', version: '1.10', time: '12:30:00' }
  expect(structured(value, 'yaml')).toBe(
    'mode: "no"\nat: "2027-01-31T00:00:00Z"\nversion: "1.10"\ntime: "12:30:00"',
  )
  expect(parse(structured(value, 'yaml'), { version: '1.1' })).toEqual(value)
})
