import { describe, expect, test } from 'vitest'
import { ROUTE_PATH_CHARS_MAX, routePathParameters, routePathProblem, routeShape } from './route-path.ts'

describe('routePathProblem', () => {
  test.each([
    ['/', 'orders'],
    ['/orders/', '/orders//'],
    ['/orders/:id/', '/orders/*/'],
    ['/{id}', '/{}'],
    ['/{id}.json', '/{1d}.json'],
    ['/v{major}.{minor}-{build}', '/v{a}{b}'],
    ['/{a}-{b}-{c}-{d}', '/{a}-{b}-{c}-{d}-{e}'],
    ['/{id}:cancel', '/:id.json'],
    ['/Users({id})', '/Users({id)'],
    ['/{a}/{b}', '/{a}/{a}'],
    ['/{a}/:b', '/{a}/:a'],
    ['/{a}.x/*', '/{*}.x'],
    ['/orders/:id', '/orders/:'],
    ['/orders/:id', '/orders/:1d'],
    ['/orders/x:id', '/orders/:x:id'],
    ['/levels:append', '/:levels:append'],
    ['/levels:', '/:'],
    ['/orders/:id/lines/:line', '/orders/:id/lines/:id'],
    ['/files/*', '/files/*/more'],
    ['/files/*', '/files/a*'],
    ['/*', '*'],
    ['/files/**', '/files/***'],
    ['/files/**', '/files/**/more'],
    ['/files/**', '/files/a**'],
    ['/**', '/**/'],
    ['/a/b', '/a//b'],
    ['/a/...', '/a/..'],
    ['/a/.b', '/a/.'],
    ["/a~b!$&'()+,;=@-._", '/a b'],
    ['/caf', '/café'],
    ['/20', '/%20'],
    ['/a', '/a?b'],
    ['/a', '/a#b'],
    ['/a', '/a\\b'],
    [`/:${'p'.repeat(64)}`, `/:${'p'.repeat(65)}`],
    [`/${'a'.repeat(ROUTE_PATH_CHARS_MAX - 1)}`, `/${'a'.repeat(ROUTE_PATH_CHARS_MAX)}`],
  ])('accepts %s and rejects %s', (valid, invalid) => {
    expect(routePathProblem(valid)).toBeUndefined()
    expect(routePathProblem(invalid)).toMatch(/\.$/)
  })

  test.each([
    '',
    '/:id?',
    '/:id(\\d+)',
    '/{id',
    '/id}',
    '/{{id}}',
    '/x{}',
    '/{a b}',
    '/{a}{b}',
    '/{id}%20',
    '/\u0000',
  ])('rejects %j', (path) => {
    expect(routePathProblem(path)).toBeDefined()
  })
})

test('routePathParameters lists the parameters and the wildcard in order', () => {
  expect(routePathParameters('/a/:b/c/:d/*')).toEqual(['b', 'd', '*'])
  expect(routePathParameters('/a/:b/**')).toEqual(['b', '*'])
  expect(routePathParameters('/{a}/x{b}-{c}.json/**')).toEqual(['a', 'b', 'c', '*'])
  expect(routePathParameters('/a/b/')).toEqual([])
})

describe('routeShape', () => {
  test.each([
    ['/orders/:id', '/orders/:number', true],
    ['/orders/:id', '/orders/id', false],
    ['/files/*', '/files/:rest', false],
    ['/', '/', true],
    ['/a:b', '/a:c', false],
    ['/files/**', '/files/*', false],
    ['/:a/**', '/:b/**', true],
    ['/**', '/*', true],
    ['/a/:b', '/a/:b/c', false],
    ['/a', '/a/', false],
    ['/a/{b}/', '/a/:c/', true],
    ['/{a}.json', '/{b}.json', true],
    ['/{a}.json', '/{a}.xml', false],
    ['/{a}.json', '/:a', false],
    ['/{a}-{b}', '/{x}-{y}', true],
  ])('%s and %s match the same requests: %s', (one, other, same) => {
    expect(routeShape(one) === routeShape(other)).toBe(same)
  })
})
