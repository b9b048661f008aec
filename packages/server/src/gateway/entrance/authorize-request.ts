import type { IncomingMessage } from 'node:http'
import {
  Problem,
  type Denied,
  type DenyReason,
  type DeploymentRecord,
  type EnvironmentView,
  type ProblemCode,
  type Snapshot,
} from '@sallyport/core'
import type { RequestEntry } from '../../requests/request-entry.ts'
import type { Verdict } from '../credentials/authorizer.ts'
import { compileDeployment, type CompiledDeployment } from '../deployment/compiled-deployment.ts'
import { LiveVersions } from '../exchanges/live-versions.ts'
import type { RequestTarget } from '../request/request-target.ts'
import { findRoute, type PreflightRule, type RouteMatch } from '../routing/find-route.ts'
import type { EnvironmentPath, HostMap } from '../routing/host-map.ts'
import type { EntranceDeps } from './entrance-deps.ts'

/** A request to authorize: one that the gateway received itself, or one that another proxy describes. */
export interface RequestDescription {
  readonly method: string
  readonly host: string | undefined
  readonly target: RequestTarget
  /** The received request, whose headers hold the credentials. */
  readonly request: IncomingMessage
  readonly preflights: PreflightRule
  /** Learns which environment the request addresses, also if it cannot be decided. */
  readonly entry: RequestEntry | null
}

/** A request that may proceed, or a preflight to answer, with the facts that this was based on. */
export interface AllowedRequest {
  readonly kind: 'allowed'
  readonly verdict: Exclude<Verdict, Denied>
  readonly snapshot: Snapshot
  readonly environment: EnvironmentView | undefined
  /** The path within the environment. */
  readonly path: string
  /** The matching route pattern; empty if none matches. */
  readonly pattern: string
}

export interface DeniedRequest {
  readonly kind: 'denied'
  readonly verdict: Denied
}

/** Why a request cannot be decided: an outage of the gateway, never the caller's fault. */
export interface UndecidedRequest {
  readonly kind: 'undecided'
  readonly code: ProblemCode
  /** The deployment that the request was routed to, if any. */
  readonly deployment: CompiledDeployment | null
}

/** A path that a server behind the gateway could read as another one; nothing was decided. */
export interface RefusedPath {
  readonly kind: 'refused_path'
  /** A sentence for the caller. */
  readonly problem: string
}

export type RefusedRequest = DeniedRequest | UndecidedRequest | RefusedPath

export type Authorization = AllowedRequest | RefusedRequest

type AuthorizeDeps = Pick<
  EntranceDeps,
  'cell' | 'nowMs' | 'authorizer' | 'maxStalenessSeconds' | 'readiness' | 'mayDecide'
> & { readonly hosts: Pick<HostMap, 'locate'> }

/**
 * Authorizes a request: checks for an outage, locates the environment, finds the route, and decides. The result is
 * synchronous when every fact is at hand, which is nearly always.
 *
 * @throws unexpected errors, as a rejection
 */
export function authorizeRequest(
  deps: AuthorizeDeps,
  { method, host, target, request, preflights, entry }: RequestDescription,
): Authorization | Promise<Authorization> {
  const snapshot = deps.cell.current
  const located = deps.hosts.locate(snapshot, host, target.path)
  const { environment } = located
  if (environment !== undefined) entry?.locate(environment.organization, environment.name)
  const outage = outageOf(snapshot, environment, deps)
  const { path, host: ownHost } = located
  const match = findRoute(environment, method, path, target.form, request, preflights, ownHost)
  if (outage !== null) return undecided(outage, match)
  const { fact, preflight, problem } = match
  if (entry !== null) entry.route = match.route?.pattern ?? ''
  if (problem !== null) return { kind: 'refused_path', problem }
  const verdict = deps.authorizer.authorize(snapshot, fact, preflight, request, target.query, deps.nowMs())
  return verdict instanceof Promise
    ? decidedLater(deps, verdict, snapshot, located, match)
    : decided(verdict, snapshot, located, match)
}

/** Apart from `authorizeRequest`, so that synchronous decisions allocate no closures. */
function decidedLater(
  deps: AuthorizeDeps,
  verdict: Promise<Verdict>,
  snapshot: Snapshot,
  located: EnvironmentPath,
  match: RouteMatch,
): Promise<Authorization> {
  return verdict.then(
    (late): Authorization => {
      // The lease may have ended while the verdict waited, and the process may have been paused.
      const outage = outageOf(snapshot, located.environment, deps)
      return outage === null ? decided(late, snapshot, located, match) : undecided(outage, match)
    },
    (error: unknown): UndecidedRequest => {
      if (!(error instanceof Problem)) throw error
      return undecided(error.code, match)
    },
  )
}

/** The response has the headers of the pipeline as far as it is known, so that a page can read what happened. */
function undecided(code: ProblemCode, { fact }: RouteMatch): UndecidedRequest {
  return {
    kind: 'undecided',
    code,
    deployment: fact.kind === 'found' ? compileDeployment(fact.deployment) : null,
  }
}

/**
 * The authorization on the current snapshot. It is the same one unless the snapshot was replaced while the request was
 * decided: that change was confirmed without this request, which is therefore decided again. The caller acts on the
 * result in the same tick.
 *
 * @param query undecoded
 */
export function currentAuthorization(
  { cell, authorizer, nowMs }: Pick<EntranceDeps, 'cell' | 'authorizer' | 'nowMs'>,
  authorization: Authorization,
  request: IncomingMessage,
  query: string | null,
): Authorization {
  const { current } = cell
  if (authorization.kind !== 'allowed') return authorization
  const { verdict } = authorization
  if (verdict.kind !== 'allow') return authorization
  // What allows it may also have ended by itself.
  if (authorization.snapshot === current && verdict.endsAtMs > nowMs()) return authorization
  const { deployment } = verdict
  if (new LiveVersions(current).of(deployment) === undefined) return denied('route_not_found', deployment)
  const again = authorizer.authorizeAgain(current, verdict, request, query, nowMs())
  if (typeof again === 'string') return denied(again, deployment)
  const environment = current.environment(deployment.organization, deployment.environment)
  return { ...authorization, verdict: again, snapshot: current, environment }
}

function denied(reason: DenyReason, deployment: DeploymentRecord): DeniedRequest {
  const facts = { deployment, allowed: [], retryAfterMs: 0, secret: null, consumer: null, budgets: [] }
  return { kind: 'denied', verdict: { kind: 'deny', reason, ...facts } }
}

function decided(
  verdict: Verdict,
  snapshot: Snapshot,
  { environment, path }: EnvironmentPath,
  { route }: RouteMatch,
): AllowedRequest | DeniedRequest {
  return verdict.kind === 'deny'
    ? { kind: 'denied', verdict }
    : { kind: 'allowed', verdict, snapshot, environment, path, pattern: route?.pattern ?? '' }
}

/**
 * Why no request to an environment can be decided right now, or null. An outage must not look like the caller's fault:
 * before the first snapshot every key would be unknown, and beyond the operator's limit any verdict may be out of date. A
 * gateway whose lease is over may have missed a change that others have confirmed.
 *
 * @param environment undefined for a request that addresses no known environment
 */
export function outageOf(
  snapshot: Snapshot,
  environment: EnvironmentView | undefined,
  {
    maxStalenessSeconds,
    readiness,
    mayDecide,
  }: Pick<EntranceDeps, 'maxStalenessSeconds' | 'readiness' | 'mayDecide'>,
): ProblemCode | null {
  if (mayDecide?.(environment?.organization, environment?.name) === false) return 'snapshot_stale'
  if (maxStalenessSeconds !== null && (readiness().snapshotAgeSeconds ?? Infinity) > maxStalenessSeconds) {
    return 'snapshot_stale'
  }
  return snapshot.revision === 0 && !readiness().ready ? 'unavailable' : null
}
