import { expect, test } from 'vitest'
import { PathParameters } from './path-parameters.ts'

test('Parameters stay percent-encoded', () => {
  const values = new PathParameters('/a/:id/b/*').valuesIn('/a/x%2Fy/b/c/d%20e')
  expect(values.get('id')).toBe('x%2Fy')
  expect(values.get('*')).toBe('c/d%20e')
})

test.each([
  ['/:a', '/1', 'a', '1'],
  ['/:a/', '/1/', 'a', '1'],
  ['/:a/:b/:c', '/1/2/3', 'b', '2'],
  ['/:a/:b/:c', '/1/2/3', 'c', '3'],
  ['/*', '/', '*', ''],
  ['/*', '/x', '*', 'x'],
  ['/f/*', '/f/', '*', ''],
  ['/f/*', '/f//x/', '*', '/x/'],
  ['/f/**', '/f', '*', ''],
  ['/f/**', '/f/', '*', ''],
  ['/f/**', '/f/x/y', '*', 'x/y'],
  ['/f/**', '/f', '/*', ''],
  ['/f/**', '/f/', '/*', '/'],
  ['/f/**', '/f/x', '/*', '/x'],
  ['/:f/**', '/1', 'f', '1'],
  ['/**', '/', '/*', '/'],
])('%s in %s: %s is "%s"', (pattern, path, name, value) => {
  expect(new PathParameters(pattern).valuesIn(path).get(name)).toBe(value)
})

test.each([
  ['/a/:id', '/a/1', 'a'],
  ['/a/:id', '/a/1', ':id'],
  ['/a/:id', '/a/1', '*'],
  ['/a/*', '/a/1', 'id'],
  ['/a/*', '/a/1', '/*'],
  ['/a', '/a', ''],
])('%s in %s has no "%s"', (pattern, path, name) => {
  expect(new PathParameters(pattern).valuesIn(path).get(name)).toBeUndefined()
})

test('A path that is too short has empty parameters', () => {
  expect(new PathParameters('/a/:b/:c').valuesIn('/a/1').get('c')).toBe('')
})
