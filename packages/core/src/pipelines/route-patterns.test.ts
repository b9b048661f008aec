import { expect, test } from 'vitest'
import { routePatterns } from './route-patterns.ts'

test('A path stands for both of its forms if the final slash is optional', () => {
  const paths = ['/a', '/b/', '/', '/:c', '/{d}.json', '/e/*', '/f/**']
  expect(routePatterns({ paths, trailingSlash: 'optional' })).toEqual([
    '/a',
    '/a/',
    '/b/',
    '/b',
    '/',
    '/:c',
    '/:c/',
    '/{d}.json',
    '/{d}.json/',
    '/e/*',
    '/f/**',
  ])
  expect(routePatterns({ paths, trailingSlash: 'exact' })).toBe(paths)
  expect(routePatterns({ paths })).toBe(paths)
})
