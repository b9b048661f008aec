import { matchesHost, type DeploymentRecord, type Trigger } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { foundRoute, tableOf } from '../testing/found-route.ts'
import { deployment, OPEN } from '../testing/started-gateway.ts'
import { HostRoutes } from './host-routes.ts'
import type { Route } from './route-table.ts'
import { atOnce } from './steps.ts'

const make = (id: string, paths: readonly string[], trigger: Partial<Trigger> = {}): DeploymentRecord =>
  deployment({ paths, methods: ['GET'], ...trigger }, undefined, { id, pipeline: id })

const routesWith = (...deployments: readonly DeploymentRecord[]): HostRoutes =>
  atOnce(HostRoutes.of(deployments))

describe('The route of a host', () => {
  const routes = routesWith(
    make('any', ['/a', '/b', '/c/:id', '/only']),
    make('exact', ['/a', '/d'], { hosts: ['x.shops.example'] }),
    make('pattern', ['/a', '/b', '/d'], { hosts: ['*.shops.example'] }),
    make('longer', ['/b', '/e'], { hosts: ['*.eu.shops.example', '*.other.example'] }),
    make('posts', ['/only', '/*'], { hosts: ['posts.example'], methods: ['POST'] }),
  )
  const at = (host: string | null, path: string, method = 'GET'): string | undefined =>
    foundRoute(routes.at(host), method, path)?.deployment.id

  test.each([
    [null, { '/a': 'any', '/b': 'any', '/c/1': 'any' }],
    ['elsewhere.example', { '/a': 'any', '/b': 'any', '/c/1': 'any' }],
    ['x.shops.example', { '/a': 'exact', '/b': 'pattern', '/c/1': 'any', '/d': 'exact' }],
    ['y.shops.example', { '/a': 'pattern', '/b': 'pattern', '/c/1': 'any', '/d': 'pattern' }],
    ['a.x.shops.example', { '/a': 'pattern', '/b': 'pattern', '/c/1': 'any', '/d': 'pattern' }],
    [
      'a.eu.shops.example',
      { '/a': 'pattern', '/b': 'longer', '/d': 'pattern', '/e': 'longer', '/c/1': 'any' },
    ],
    ['eu.shops.example', { '/a': 'pattern', '/b': 'pattern', '/d': 'pattern', '/c/1': 'any' }],
    ['other.example', { '/a': 'any', '/b': 'any', '/c/1': 'any' }],
    ['a.other.example', { '/a': 'any', '/b': 'longer', '/e': 'longer', '/c/1': 'any' }],
    ['shops.example', { '/a': 'any', '/b': 'any', '/c/1': 'any' }],
    ['xx.shops.example.evil', { '/a': 'any', '/b': 'any', '/c/1': 'any' }],
  ])('at %s is the one of the most specific host', (host, expected) => {
    const paths = ['/a', '/b', '/c/1', '/d', '/e']
    const found = paths.flatMap((path) => {
      const id = at(host, path)
      return id === undefined ? [] : [[path, id]]
    })
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  test('is passed over without the method, and all methods count for a path', () => {
    expect(at('posts.example', '/only')).toBe('any')
    expect(at('posts.example', '/only', 'POST')).toBe('posts')
    expect(at('posts.example', '/only', 'PUT')).toBeUndefined()
    expect(routes.at('posts.example').methodsOf('/only')).toEqual(['GET', 'HEAD', 'POST'])
    expect(routes.at(null).methodsOf('/only')).toEqual(['GET', 'HEAD'])
  })
})

test('Without hosts of triggers, every host has the same routes', () => {
  const routes = routesWith(make('any', ['/a']))
  expect(routes.at('a.example')).toBe(routes.at(null))
  expect(routesWith(make('own', ['/a'], { hosts: ['b.example'] })).at('b.example')).not.toBe(routes.at(null))
})

describe('A variant of a guarded route', () => {
  const HOST = 'x.example'
  const open = { authentication: OPEN }
  const own = { hosts: [HOST] }
  const mayReachOther = (routes: HostRoutes, path: string, id: string): boolean => {
    const place = routes.at(HOST)
    const route = foundRoute(place, 'GET', path)
    if (route?.deployment.id !== id) throw new Error(`${path} has another route`)
    return place.mayReachOther(route, 'GET', path, false)
  }

  test('of the same host is refused for an open route of any host', () => {
    const routes = routesWith(
      make('open', ['/w/*', '/v/**'], open),
      make('guarded', ['/w/admin', '/v/*'], own),
    )
    expect(mayReachOther(routes, '/w/Admin', 'open')).toBe(true)
    expect(mayReachOther(routes, '/w/admin/', 'open')).toBe(true)
    expect(mayReachOther(routes, '/v', 'open')).toBe(true)
    expect(mayReachOther(routes, '/w/other', 'open')).toBe(false)
  })

  test('of another host is not refused: what is guarded there is not guarded here', () => {
    const routes = routesWith(
      make('open', ['/w/*'], own),
      make('guarded', ['/w/admin'], { hosts: ['y.example'] }),
    )
    expect(mayReachOther(routes, '/w/Admin', 'open')).toBe(false)
    expect(mayReachOther(routes, '/w/admin', 'open')).toBe(false)
  })

  test.each([
    // The open route also has the path of the guarded one, so the variant opens nothing.
    ['/w/*', '/w/admin', '/w/Admin', false],
    ['/w/**', '/w/*', '/w', false],
    ['/w/**', '/w/admin', '/w/ADMIN;x', false],
    ['/*', '/**', '/W', false],
    ['/w/:id', '/w/:name', '/w/A', false],
    // The guarded one is reached at the host, and the variant would lead around it.
    ['/w/:id/', '/w/admin', '/w/admin/', true],
    ['/W/:id', '/w/admin', '/W/admin', true],
    ['/w/{id}.json', '/w/a', '/w/b.json', false],
    ['/w;v/*', '/w/admin', '/w;v/admin', true],
  ])('of any host, for %s of the host beside %s: %s', (pattern, guarded, path, isRefused) => {
    const routes = routesWith(make('open', [pattern], { ...own, ...open }), make('guarded', [guarded]))
    expect(mayReachOther(routes, path, 'open')).toBe(isRefused)
    // Of an equally open one, no variant is refused.
    const both = routesWith(make('open', [pattern], { ...own, ...open }), make('other', [guarded], open))
    expect(mayReachOther(both, path, 'open')).toBe(false)
  })

  test('is not refused if another pattern of the open pipeline has the path of the guarded one', () => {
    const guarded = make('guarded', ['/w/admin'])
    const paths = ['/w/:id/', '/w/:id']
    expect(
      mayReachOther(routesWith(make('open', paths, { ...own, ...open }), guarded), '/w/admin/', 'open'),
    ).toBe(false)
    const posts = { ...own, ...open, routeMethods: { '/w/:id/': ['GET'], '/w/:id': ['POST'] } }
    expect(mayReachOther(routesWith(make('open', paths, posts), guarded), '/w/admin/', 'open')).toBe(true)
  })
})

describe('A change', () => {
  const HOSTS = ['a.example', 'b.a.example', '*.a.example', '*.example', '*.b.a.example']
  const ASKED = [null, 'a.example', 'b.a.example', 'c.a.example', 'd.b.a.example', 'x.example', 'other']
  const PATTERNS = ['/', '/a', '/a/:x', '/a/*', '/:x/b', '/*', '/B', '/a/**']
  const PATHS = ['/', '/a', '/a/', '/a/b', '/c/b', '/B', '/b', '/c/d/e', '/A']
  const METHODS = ['GET', 'POST']

  test('gives the routes of an obvious model, and leaves those before it as they were', () => {
    // A fixed sequence of pseudorandom numbers.
    let state = 7
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    const some = <Item>(items: readonly Item[], one: number): Item[] => items.filter(() => random(one) === 0)

    /** The deployments of each host or pattern that counts for a host, one table after the other. */
    const modelOf = (deployments: readonly DeploymentRecord[], host: string | null) => {
      const keys = HOSTS.filter((key) => host !== null && matchesHost(key, host))
      const ordered = keys.toSorted(
        (one, other) => Number(other === host) - Number(one === host) || other.length - one.length,
      )
      const tables = [
        ...ordered.map((key) => deployments.filter(({ spec }) => spec.trigger.hosts?.includes(key) === true)),
        deployments.filter(({ spec }) => spec.trigger.hosts === undefined),
      ].map(tableOf)
      const find = (method: string, path: string): Route | null =>
        tables.map((table) => foundRoute(table, method, path)).find((route) => route !== null) ?? null
      return PATHS.map((path) => METHODS.map((method) => shown(find(method, path))))
    }
    const shown = (route: Route | null): string | null =>
      route === null ? null : `${route.deployment.id} ${route.pattern}`
    const found = (routes: HostRoutes): unknown[] =>
      ASKED.map((host) =>
        PATHS.map((path) => METHODS.map((method) => shown(foundRoute(routes.at(host), method, path)))),
      )

    let deployments: ReadonlyMap<string, DeploymentRecord> = new Map()
    let routes = routesWith()
    for (let round = 0; round < 200; round += 1) {
      const changed = new Map(deployments)
      for (let change = 0; change <= random(3); change += 1) {
        const id = `dep_${random(8)}`
        if (random(3) === 0) changed.delete(id)
        else {
          const hosts = some(HOSTS, 3)
          const trigger = { methods: some(METHODS, 2), ...(hosts.length === 0 ? {} : { hosts }) }
          changed.set(id, make(id, some(PATTERNS, 3), trigger))
        }
      }
      const before = found(routes)
      const next = atOnce(routes.after(deployments, changed))
      const all = [...changed.values()]
      expect(found(next)).toEqual(ASKED.map((host) => modelOf(all, host)))
      expect(found(next)).toEqual(found(routesWith(...all)))
      expect(found(routes)).toEqual(before)
      routes = next
      deployments = changed
    }
    const none = atOnce(routes.after(deployments, new Map()))
    expect(HOSTS.map((host) => none.at(host) === none.at(null))).toEqual(HOSTS.map(() => true))
  })
})
