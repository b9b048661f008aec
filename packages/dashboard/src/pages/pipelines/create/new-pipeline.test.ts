import { expect, test } from 'vitest'
import { isPath, missingIn, NOTHING } from './new-pipeline.ts'

test('a path starts with a slash, or is left out', () => {
  expect(['', '/', '/orders/:id'].map(isPath)).toEqual([true, true, true])
  expect(['orders', ' /orders'].map(isPath)).toEqual([false, false])
})

test('a new pipeline needs a name, and a URL or an answer', () => {
  const missing = (change: object): readonly string[] =>
    missingIn({ ...NOTHING, ...change }).filter((field) => field !== false)
  expect(missing({})).toEqual(['Name', 'URL of the upstream'])
  expect(missing({ name: 'orders', step: 'respond' })).toEqual([])
  expect(missing({ name: 'orders', step: 'respond', body: '[1e400]' })).toEqual(['Answer'])
  expect(missing({ name: 'orders', url: 'http://a.example', project: '' })).toEqual([
    'Name of the new project',
  ])
  expect(missing({ name: 'Orders', url: 'http://a.example' })).toEqual(['Name'])
  expect(missing({ name: 'orders', url: 'https://' })).toEqual(['URL of the upstream'])
  expect(missing({ name: 'orders', url: 'a.example', path: 'a' })).toEqual(['Path', 'URL of the upstream'])
})
