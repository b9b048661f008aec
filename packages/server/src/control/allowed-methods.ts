import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { ControlApp } from './routing/control-app.ts'

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Records the routes that are added to an app from now on.
 *
 * @returns the methods of a path; none for an unknown path
 */
export function allowedMethods(app: ControlApp): (path: string) => readonly string[] {
  const router = findMyWay()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of Array.isArray(method) ? method : [method]) {
      const known = METHODS.find((candidate) => candidate === one)
      if (known !== undefined && !router.hasRoute(known, url)) router.on(known, url, () => {})
    }
  })
  return (path) => METHODS.filter((method) => router.find(method, path) !== null)
}
