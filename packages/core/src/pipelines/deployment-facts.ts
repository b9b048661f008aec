import type { CallStep, PipelineSpec, ProxyStep } from './pipeline-spec.ts'
import type { PolicySubject } from './policy.ts'
import { routeShape } from './route-path.ts'
import { routePatterns } from './route-patterns.ts'
import { templateOrigin } from './upstream-reach.ts'

/**
 * What other operations need to know about a live deployment. It is stored beside the spec, which can have 256 KiB, so
 * that reading all live deployments of an environment is cheap.
 */
export interface DeploymentFacts {
  readonly subject: PolicySubject
  readonly routes: DeploymentRoutes
}

export interface DeploymentRoutes {
  /** The methods of any pattern. */
  readonly methods: readonly string[]
  /** Route patterns. */
  readonly paths: readonly string[]
  /** Its hosts and patterns of hosts; left out without hosts of its own. */
  readonly hosts?: readonly string[]
  /** By route pattern, the methods of each, if they differ. */
  readonly routeMethods?: Readonly<Record<string, readonly string[]>>
  readonly acceptsPublicKeys: boolean
  /** Whether only callers of some addresses are admitted. Left out in facts stored before the field existed. */
  readonly limitsAddresses?: boolean
  readonly allowsEncodedSlashes: boolean
  /** The `proxy` and `call` steps, in order. */
  readonly upstreams: readonly UpstreamFacts[]
  /** The longest lifetime of a JWT that the deployment mints, in seconds; 0 if it mints none. */
  readonly tokenSecondsMax: number
}

export interface UpstreamFacts {
  /** The URL template. */
  readonly url: string
  /** The method of a `call`; null for a `proxy`, which passes on the caller's. */
  readonly method: string | null
  /** The origins of its targets; left out if that of the URL is the only one. */
  readonly origins?: readonly string[]
}

/** The origins of an upstream, in the form in which equal origins are equal texts. */
export function originsOf({ url, origins }: UpstreamFacts): string[] {
  return [...new Set(origins === undefined ? [templateOrigin(url)] : origins.map(templateOrigin))]
}

/** The hosts that its routes belong to; an empty text for those without a host of their own. */
export function hostsOf({ hosts }: Pick<DeploymentRoutes, 'hosts'>): readonly string[] {
  return hosts ?? ANY_HOST
}

const ANY_HOST = ['']

/** How many routes a deployment has: each path counts once for each host. */
export function routeCount(routes: Pick<DeploymentRoutes, 'hosts' | 'paths'>): number {
  return routes.paths.length * hostsOf(routes).length
}

/** The part of a version that policies check. */
export function policySubject({ trigger, steps }: PipelineSpec): PolicySubject {
  const { kind, authentication, login } = trigger
  return { trigger: { kind, authentication, login }, stepKinds: steps.map((step) => step.kind) }
}

export function deploymentFacts(spec: PipelineSpec): DeploymentFacts {
  const { hosts, methods, routeMethods, acceptsPublicKeys, addressRules = [] } = spec.trigger
  const patterns = routePatterns(spec.trigger)
  const allowsEncodedSlashes = spec.trigger.encodedSlashes === 'allow'
  const upstreams: UpstreamFacts[] = []
  let tokenSecondsMax = 0
  for (const step of spec.steps) {
    if (step.kind === 'proxy') upstreams.push(upstreamFacts(step, null))
    if (step.kind === 'call') upstreams.push(upstreamFacts(step, step.method))
    if (step.kind === 'jwt.generate') tokenSecondsMax = Math.max(tokenSecondsMax, step.expiresInSeconds)
  }
  const routes: DeploymentRoutes = {
    methods,
    paths: patterns.map(({ pattern }) => pattern),
    ...(hosts === undefined ? {} : { hosts }),
    ...(routeMethods === undefined
      ? {}
      : { routeMethods: Object.fromEntries(patterns.map((route) => [route.pattern, route.methods])) }),
    acceptsPublicKeys,
    ...(addressRules.length > 0 && { limitsAddresses: true }),
    allowsEncodedSlashes,
    upstreams,
    tokenSecondsMax,
  }
  return { subject: policySubject(spec), routes }
}

function upstreamFacts({ url, targets }: ProxyStep | CallStep, method: string | null): UpstreamFacts {
  return targets === undefined
    ? { url, method }
    : { url, method, origins: targets.map(({ origin }) => origin) }
}

const ROUTE_CLAIM = 'route '

/** Longer claims are cut, so that each fits into a database index. Deployments may share a cut claim by chance. */
const CLAIM_CHARS_MAX = 512

/**
 * What two deployments of an environment can have in common: shapes of routes, and origins of upstreams. The gate compares
 * a version only with the deployments that share a claim with it.
 *
 * @returns each claim once
 */
export function claimsOf(routes: DeploymentRoutes): string[] {
  const { paths, upstreams } = routes
  const claims = new Set<string>()
  for (const path of paths) {
    const shape = routeShape(path)
    for (const host of hostsOf(routes)) {
      claims.add(`${ROUTE_CLAIM}${host}${shape}`.slice(0, CLAIM_CHARS_MAX))
    }
  }
  for (const upstream of upstreams) {
    for (const origin of originsOf(upstream)) claims.add(`origin ${origin}`.slice(0, CLAIM_CHARS_MAX))
  }
  return [...claims]
}

/** Whether a claim is a route, for which deployments may compete; otherwise it is an upstream, which they may share. */
export function isRouteClaim(claim: string): boolean {
  return claim.startsWith(ROUTE_CLAIM)
}
