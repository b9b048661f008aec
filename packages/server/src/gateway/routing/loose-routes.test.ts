import type { Trigger } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { foundRoute, tableOf } from '../testing/found-route.ts'
import { deployment, OPEN } from '../testing/started-gateway.ts'

const make = (pipeline: string, paths: readonly string[], trigger: Partial<Trigger> = {}) =>
  deployment({ paths, methods: ['GET'], ...trigger }, undefined, { pipeline })

/** Whether a path of the first deployment could be another one's, for a request that the first one matches. */
function mayReachOther(
  path: string,
  others: readonly ReturnType<typeof make>[],
  pattern = '/w/*',
  method = 'GET',
): boolean {
  const open = make('open', [pattern], { authentication: OPEN, methods: ['GET', 'POST'] })
  const table = tableOf([open, ...others])
  const route = foundRoute(table, method, path)
  if (route?.deployment !== open) throw new Error(`${path} does not match ${pattern}`)
  const first = table.mayReachOther(route, method, path, false)
  // The answer does not depend on what was asked before.
  expect(table.mayReachOther(route, method, path, false)).toBe(first)
  return first
}

describe('A variant of a guarded route', () => {
  test.each([
    ['/w/Admin', '/w/admin'],
    ['/w/adm%C4%B1n', '/w/admin'],
    ['/w/Adm%C4%B0n', '/w/admin'],
    ['/w/admin', '/w/adm%C4%B1n'],
    ['/w/pa%C3%9F', '/w/pass'],
    ['/w/admin/', '/w/admin'],
    ['/w/admin', '/w/Admin'],
    ['/w/admin;x/users', '/w/admin/:id'],
    ['/w/ADMIN/7/x', '/w/admin/*'],
    ['/w/a//B/', '/w/a/b'],
    ['/w/x/Y', '/w/:id/y'],
    ['/w/;/Admin', '/w/admin'],
    ['/w/Admin/x', '/w/admin;v/x'],
    ['/w/7/Admin/x', '/w/:id/admin/*'],
    ['/w/a:', '/w/A:'],
    ['/w/levels%3Aappend', '/w/levels:append'],
    ['/w/Levels:append', '/w/levels:append'],
    ['/w/levels:append/', '/w/levels:append'],
    ['/w/1.JSON', '/w/{id}.json'],
    ['/w/1.json/', '/w/{id}.json'],
    ['/w/1.json;v', '/w/{id}.json'],
    ['/w/1.json.', '/w/{id}.json'],
    ['/w/1.json', '/w/{id}.JSON'],
    ['/w/a-B', '/w/A-{b}'],
    ['/w/1', '/w/{id};v=1'],
    ['/w/1/x', '/w/{id}./X'],
    ['/w/admin', '/w/admin/'],
    ['/w/Admin', '/w/admin/'],
    ['/w/1', '/w/:id/'],
  ])('%s may be that of %s', (path, guarded) => {
    expect(mayReachOther(path, [make('guarded', [guarded])])).toBe(true)
  })

  test.each([
    ['/w/Admins', '/w/admin'],
    ['/w/adm%C3%AEn', '/w/admin'],
    ['/w/Levels:appends', '/w/levels:append'],
    ['/w/Levels', '/w/levels:append'],
    ['/w/Admin/x', '/w/admin'],
    ['/w/1.Json', '/w/{id}.jsonp'],
    ['/w/.JSON', '/w/{id}.json'],
    ['/w/1.JSON/x', '/w/{id}.json'],
    ['/w/Admin/x', '/w/admin;v'],
    ['/w/Admin', '/w/admin/x'],
    ['/w/Admin', '/v/admin'],
    ['/w/Admin', '/*'],
    // The route table prefers /w/* for /w/admin too.
    ['/w/Admin', '/:any/admin'],
    ['/w/Admin', '/w/:a/:b'],
  ])('%s is not that of %s', (path, guarded) => {
    expect(mayReachOther(path, [make('guarded', [guarded])])).toBe(false)
  })

  test.each([
    ['/w', '/w/*', '/w/**'],
    ['/w/', '/w/**', '/w/*'],
    ['/w/1/', '/w/:id/**', '/w/:id/*'],
    ['/w', '/w/*', '/**'],
    ['/w', '/w/*', '/:any/**'],
    ['/w/', '/w', '/w/**'],
    ['/w/Admin', '/w/admin', '/w/**'],
    ['/w/Admin', '/w/admin/**', '/w/**'],
    ['/w/Admin/x', '/w/admin/**', '/w/*'],
    ['/w/x.JSON', '/w/{a}.json', '/w/:any'],
    ['/w/xA.json', '/w/{b}a.json', '/w/{c}.json'],
    ['/w/admin/', '/w/admin', '/w/:any/'],
    ['/w/admin', '/w/admin/', '/w/:any'],
    ['/W', '/w/**', '/:any'],
    ['/W/x', '/w/**', '/:any/**'],
  ])('%s may be that of %s beside %s', (path, guarded, pattern) => {
    expect(mayReachOther(path, [make('guarded', [guarded])], pattern)).toBe(true)
  })

  test.each([
    ['/w/Admin', '/**', '/w/**'],
    ['/w/Admin', '/w/admins/**', '/w/**'],
    ['/w/x', '/w/x/y/**', '/w/**'],
  ])('%s is not that of %s beside %s', (path, guarded, pattern) => {
    expect(mayReachOther(path, [make('guarded', [guarded])], pattern)).toBe(false)
  })

  test.each([
    ['/;', '/'],
    ['/~;/x', '/~/*'],
  ])('%s beside a wildcard for all paths may be that of %s', (path, guarded) => {
    expect(mayReachOther(path, [make('guarded', [guarded])], '/*')).toBe(true)
  })

  test('is one if any of the routes that it may be requires a credential', () => {
    const open = make('other', ['/w/admin'], { authentication: OPEN })
    expect(mayReachOther('/w/ADMIN', [open, make('guarded', ['/w/Admin'])])).toBe(true)
    expect(mayReachOther('/w/ADMIN', [open, make('guarded', ['/w/Admins'])])).toBe(false)
  })

  test('is one only if the other route requires a credential', () => {
    for (const credential of ['apiKey', 'jwt', 'basic']) {
      const authentication = { ...OPEN, [credential]: true }
      expect(mayReachOther('/w/Admin', [make('other', ['/w/admin'], { authentication })])).toBe(true)
    }
    expect(mayReachOther('/w/Admin', [make('other', ['/w/admin'], { authentication: OPEN })])).toBe(false)
  })

  test('is one only for a method that the other route serves', () => {
    expect(mayReachOther('/w/Admin', [make('other', ['/w/admin'], { methods: ['PUT'] })])).toBe(false)
    expect(
      mayReachOther('/w/Admin', [make('other', ['/w/admin'], { methods: ['POST'] })], '/w/*', 'POST'),
    ).toBe(true)
    // GET answers HEAD too.
    expect(mayReachOther('/w/Admin', [make('other', ['/w/admin'])], '/w/*', 'HEAD')).toBe(true)
  })

  test('counts the methods of all paths of a pipeline that it may be', () => {
    const routeMethods = { '/w/Admin': ['POST'], '/w/admin': ['GET'], '/w/other': ['PUT'] }
    const other = make('other', Object.keys(routeMethods), { methods: ['GET', 'POST', 'PUT'], routeMethods })
    expect(mayReachOther('/w/ADMIN', [other])).toBe(true)
    expect(mayReachOther('/w/ADMIN', [other], '/w/*', 'POST')).toBe(true)
    expect(mayReachOther('/w/OTHER', [other])).toBe(false)
  })

  test('is decided by the most specific route', () => {
    const open = make('between', ['/w/admin'], { authentication: OPEN })
    expect(mayReachOther('/w/Admin', [open, make('guarded', ['/w/:id'], { methods: ['PUT'] })])).toBe(false)
    expect(mayReachOther('/w/Admin/x', [open, make('guarded', ['/w/admin/*'])])).toBe(true)
    expect(mayReachOther('/w/Admin', [make('guarded', ['/*'])])).toBe(false)
  })

  test('is found beside a parameter too, and never for a fixed path', () => {
    expect(mayReachOther('/w/Me', [make('guarded', ['/w/me'])], '/w/:id')).toBe(true)
    expect(mayReachOther('/w/You', [make('guarded', ['/w/me'])], '/w/:id')).toBe(false)
    expect(mayReachOther('/w/Me', [make('guarded', ['/w/me'])], '/w/Me')).toBe(false)
  })
})

test('a plain path is checked only if a pattern has upper case or other text that can vary', () => {
  const table = (guarded: string) =>
    tableOf([make('open', ['/w/*'], { authentication: OPEN }), make('guarded', [guarded])])
  const below = tableOf([make('open', ['/w/**'], { authentication: OPEN }), make('guarded', ['/w/*'])])
  const itself = foundRoute(below, 'GET', '/w')
  expect(itself !== null && below.mayReachOther(itself, 'GET', '/w', true)).toBe(true)
  for (const [guarded, path, may] of [
    ['/w/Admin', '/w/admin', true],
    ['/w/admin;v', '/w/admin', true],
    ['/w/admin/*', '/w/admin', true],
    ['/w/admin/*', '/w/admins', false],
    ['/w/:Id/x', '/w/admin', false],
    ['/w/Admin', '/w/other', false],
  ] as const) {
    const routes = table(guarded)
    const route = foundRoute(routes, 'GET', path)
    expect([guarded, route !== null && routes.mayReachOther(route, 'GET', path, true)]).toEqual([
      guarded,
      may,
    ])
  }
})
