import { permits, Problem, TARGET_FIELDS, type Permission, type Target } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../app/access/actor.ts'
import { notFound, permissionMissing, requireMembership } from '../../app/access/permission-checks.ts'
import { ENVIRONMENT_READS } from '../../app/access/permitted-environment.ts'
import type { ControlApp } from './control-app.ts'

/** The resources in paths, by the names of their parameters, with the permissions that reveal them. */
const REVEALED_BY = {
  environment: ENVIRONMENT_READS,
  project: ['pipelines.read'],
  pipeline: ['pipelines.read'],
  deployment: ['pipelines.read'],
  consumer: ['consumers.read'],
  key: ['keys.read'],
  handOver: ['keys.read'],
  portalSession: ['consumers.read'],
  role: ['roles.read'],
  externalKey: ['external-keys.read'],
  member: ['members.read'],
  invitation: ['members.read'],
  webhook: ['webhooks.read'],
  import: ['keys.read'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>

/** The names of resources in a sentence, where their parameters have others. */
const NAMED: Readonly<Record<string, string>> = {
  externalKey: 'external key',
  handOver: 'hand-over',
  portalSession: 'portal session',
}

/** What a route demands before its body is read. */
export interface RouteAccess {
  readonly permission: Permission
  /** The resource in the path that the permission applies to; left out if the route concerns none. */
  readonly on?: keyof typeof REVEALED_BY
  /** Whether the route answers a question, so that a refusal is no refused change. */
  readonly changesNothing?: boolean
  /** Whether every signed-in person may use the route, whatever their permissions. */
  readonly everyPerson?: boolean
  /** Whether the route is about the key that calls, so that a person cannot use it. */
  readonly onlyKeys?: boolean
  /** Whether a member may use the route on themselves, whatever their permissions. */
  readonly orSelf?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

/** Methods whose body Fastify does not read. */
const BODILESS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses callers that have the permission of a route nowhere in the organization, before the body is read: parsing a
 * body costs time, which a caller without any permission must not use up. The operation then checks the exact resource.
 * It also decides for a caller that may read some resources of the kind, because only it knows whether this is one.
 *
 * @throws Error while routes are added, for a route with a body that declares no access
 */
export function requireRouteAccess(app: ControlApp): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    const methods = Array.isArray(method) ? method : [method]
    if (methods.every((one) => BODILESS.includes(one)) || config?.access !== undefined) return
    throw new Error(`${methods.join()} ${url} declares no access`)
  })
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    if (access !== undefined) requireAccess(request, access)
  })
}

function requireAccess(
  request: FastifyRequest,
  { permission, on, everyPerson = false, onlyKeys = false, orSelf = false }: RouteAccess,
): void {
  const { actor } = request
  if (actor === undefined) throw new Problem('unauthenticated')
  if (onlyKeys && actor.kind !== 'key') {
    throw new Problem('unauthenticated', { detail: 'Send an API key: this is about the key of the request.' })
  }
  if (everyPerson && actor.kind === 'member') return
  const parameters = request.params as Readonly<Record<string, string>>
  const { organization, environment } = parameters
  if (organization === undefined) {
    if (actor.organizations.some((own) => hasAnywhere(actor, own, permission))) return
    throw permissionMissing({ actor }, permission)
  }
  requireMembership({ actor }, organization)
  if (orSelf && actor.id === parameters['member']) return
  if (hasAnywhere(actor, organization, permission, environment)) return
  const missing = (): Problem =>
    permissionMissing({ actor }, permission, organization, environment === undefined ? {} : { environment })
  if (on === undefined) throw missing()
  const reads: readonly Permission[] = REVEALED_BY[on]
  const grants = actor.grantsIn(organization) ?? []
  if (reads.some((read) => permits(grants, read, targetOf(parameters)))) throw missing()
  if (reads.some((read) => hasAnywhere(actor, organization, read, environment))) return
  throw notFound(`${NAMED[on] ?? on} "${parameters[on] ?? ''}"`)
}

/** The part of a resource's scope that its path names. */
function targetOf(parameters: Readonly<Record<string, string>>): Target {
  return Object.fromEntries(
    TARGET_FIELDS.flatMap((field) => {
      const value = parameters[field]
      return value === undefined ? [] : [[field, value]]
    }),
  )
}

/** Whether one of the actor's grants has the permission in some scope, or in some scope of the environment. */
function hasAnywhere(
  actor: Actor,
  organization: string,
  permission: Permission,
  environment?: string,
): boolean {
  const grants = actor.grantsIn(organization) ?? []
  return grants.some(
    (grant) =>
      grant.permission === permission &&
      (environment === undefined || grant.environment === undefined || grant.environment === environment),
  )
}
