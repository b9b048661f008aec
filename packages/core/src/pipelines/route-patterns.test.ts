import { expect, test } from 'vitest'
import { coversPattern, patternsMeet, routePatterns } from './route-patterns.ts'
import { routeSegments } from './route-segments.ts'

const patterns = (trigger: Parameters<typeof routePatterns>[0]): string[] =>
  routePatterns(trigger).map(({ pattern }) => pattern)

test('A path stands for both of its forms if the final slash is optional', () => {
  const paths = ['/a', '/b/', '/', '/:c', '/{d}.json', '/e/*', '/f/**']
  expect(patterns({ paths, methods: [], trailingSlash: 'optional' })).toEqual(
    '/a /a/ /b/ /b / /:c /:c/ /{d}.json /{d}.json/ /e/* /f/**'.split(' '),
  )
  expect(patterns({ paths, methods: [], trailingSlash: 'exact' })).toEqual(paths)
  expect(patterns({ paths, methods: [] })).toEqual(paths)
})

test('A path has its own methods, or those of the trigger', () => {
  const routeMethods = { '/a': ['GET'] }
  expect(
    routePatterns({ paths: ['/a', '/b'], methods: ['GET', 'POST'], routeMethods, trailingSlash: 'optional' }),
  ).toEqual([
    { pattern: '/a', path: '/a', methods: ['GET'] },
    { pattern: '/a/', path: '/a', methods: ['GET'] },
    { pattern: '/b', path: '/b', methods: ['GET', 'POST'] },
    { pattern: '/b/', path: '/b', methods: ['GET', 'POST'] },
  ])
})

test.each([
  ['/a', '/a', true],
  ['/a', '/a/', false],
  ['/a/:id', '/a/{other}', true],
  ['/a/:id', '/a/b', true],
  ['/a/:id', '/a/{b}.json', true],
  ['/a/:id', '/a/', false],
  ['/a/:id', '/a/*', false],
  ['/a/:id', '/a/**', false],
  ['/a/:id', '/a/b/c', false],
  ['/a/:id/c', '/a/b', false],
  ['/a/{b}.json', '/a/{c}.json', true],
  ['/a/{b}.json', '/a/:c', false],
  ['/a/{b}.json', '/a/x.json', false],
  ['/a/*', '/a/', true],
  ['/a/*', '/a/b/c', true],
  ['/a/*', '/a/*', true],
  ['/a/*', '/a', false],
  ['/a/*', '/a/**', false],
  ['/a/**', '/a', true],
  ['/a/**', '/a/', true],
  ['/a/**', '/a/*', true],
  ['/a/**', '/a/**', true],
  ['/a/**', '/b/**', false],
  ['/*', '/**', true],
  ['/*', '/', true],
  ['/**', '/*', true],
  ['/**', '/:a/b', true],
  ['/A/*', '/a/b', false],
])('%s covers %s: %s', (one, other, covers) => {
  expect(coversPattern(one, other)).toBe(covers)
})

test.each([
  ['/a', '/a', true],
  ['/a', '/b', false],
  ['/a', '/a/', false],
  ['/a', '/a/b', false],
  ['/a', '/:id', true],
  ['/a/', '/a/:id', false],
  ['/a/', '/a/*', true],
  ['/a', '/a/*', false],
  ['/a', '/a/**', true],
  ['/', '/**', true],
  ['/a/b', '/**', true],
  ['/a/b', '/*', true],
  ['/b/**', '/a/**', false],
  ['/:x/b/**', '/a/*', true],
  ['/:x/b/**', '/a/c/*', false],
  ['/a/:x/c', '/a/b/:y', true],
  ['/a/:x/c', '/a/b/d', false],
  ['/{id}.json', '/a.json', true],
  ['/{id}.json', '/.json', false],
  ['/{id}.json', '/a.xml', false],
  ['/{id}.json', '/a{b}n', true],
  ['/{id}.json', '/{id}.xml', false],
  ['/v{id}', '/w{id}', false],
])('Whether some path matches both %s and %s: %s', (one, other, expected) => {
  expect(patternsMeet(routeSegments(one), routeSegments(other))).toBe(expected)
  expect(patternsMeet(routeSegments(other), routeSegments(one))).toBe(expected)
})
