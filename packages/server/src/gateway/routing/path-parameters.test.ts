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
  ['/a/:b/', '/a/1/', 'b', '1'],
  ['/{a}.json', '/x.json', 'a', 'x'],
  ['/{a}.json', '/x.json.json', 'a', 'x.json'],
  ['/{a}.json/x', '/b.json/x', 'a', 'b'],
  ['/{a}.{b}', '/x.y.z', 'a', 'x'],
  ['/{a}.{b}', '/x.y.z', 'b', 'y.z'],
  ['/{a}.{b}', '/..y', 'a', '.'],
  ['/v{a}-{b}-c', '/v1-2-3-c', 'b', '2-3'],
  ['/{a}28{b}', '/x%2828y', 'a', 'x%28'],
  ['/{a}28{b}', '/x%2828y', 'b', 'y'],
  ["/f('{a}')", '/f%28%27x%29y%27)', 'a', 'x%29y'],
  ['/{a}:cancel', '/x%3Acancel:cancel', 'a', 'x%3Acancel'],
  ['/{a}.json', '/%2F%C3%A9.json', 'a', '%2F%C3%A9'],
  ['/a/:b', '/a/1', 'path', 'a/1'],
  ['/a/', '/a/', 'path', 'a/'],
  ['/', '/', 'path', ''],
  ['/a/:path', '/a/1', 'path', '1'],
  ['/a/{path}.x', '/a/1.x', 'path', '1'],
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
