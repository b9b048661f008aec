import { expect, test } from 'vitest'
import { routePatterns } from './route-patterns.ts'

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
