import type { IncomingMessage } from 'node:http'
import type { KeyId, ProblemCode, Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import { AddressSet } from '../../address/address-set.ts'
import { hostName, isHost } from '../../address/host-name.ts'
import { ConnectionPool } from '../../egress/connection-pool.ts'
import type { Readiness } from '../../telemetry/readiness.ts'
import { Authorizer, type UsageSink } from '../credentials/authorizer.ts'
import { BasicAuthenticator } from '../credentials/basic-authenticator.ts'
import { IssuerKeys } from '../credentials/issuer-keys.ts'
import { JwtVerifier } from '../credentials/jwt-verifier.ts'
import { RateLimiter } from '../credentials/rate-limiter.ts'
import { admittedResponseHeaders } from '../deployment/admitted-request.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { authorizeRequest, currentAuthorization, type Authorization } from '../entrance/authorize-request.ts'
import { invalidRequest, invalidTarget, refusalOf, type Refusal } from '../entrance/refusal.ts'
import type { MayDecide } from '../exchanges/may-decide.ts'
import type { SnapshotSource } from '../gateway.ts'
import { appendPreflight } from '../headers/cors.ts'
import { identityOf, type Identity } from '../headers/identity-headers.ts'
import { forwardedHost } from '../request/authz-description.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { RequestIds } from '../request/request-id.ts'
import { parseRequestTarget, withoutAuthority } from '../request/request-target.ts'
import { problemAnswer } from '../response/problem-response.ts'
import { prepareRoutes } from '../routing/environment-routes.ts'
import type { EnvironmentPath } from '../routing/host-map.ts'

export interface EmbeddedGatewayDeps {
  readonly cell: SnapshotSource
  /** The only environment that it decides for, by the name of its organization and its own. */
  readonly organization: string
  readonly environment: string
  /** The host of every request; null for the one that each request names. */
  readonly host: string | null
  /** Address ranges in CIDR form, as for the gateway. */
  readonly trustedProxies: readonly string[]
  /** Private addresses from which the keys of issuers may be fetched. */
  readonly upstreamAllow: readonly string[]
  readonly nowMs: () => number
  /** For every duration and age. */
  readonly monotonicMs: () => number
  readonly logger: Logger
  readonly readiness: () => Readiness
  readonly mayDecide: MayDecide
  readonly usage: UsageSink
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
}

/** The caller of an allowed request, and the pipeline that it may use. */
export interface EmbeddedCaller extends Identity {
  readonly environment: string
  readonly pipeline: string
  readonly version: string
}

/** Headers are alternating names and values. */
export type EmbeddedDecision =
  | {
      readonly kind: 'allowed'
      readonly caller: EmbeddedCaller
      /** For the response: the request's id, cross-origin headers, remaining limits, and the pipeline's own. */
      readonly headers: readonly string[]
      /** Of the snapshot that allows it. */
      readonly revision: number
    }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code: ProblemCode
      /** The problem as JSON (RFC 9457). */
      readonly body: string
      readonly headers: readonly string[]
    }
  /** A CORS preflight, which is answered without a body. */
  | { readonly kind: 'preflight'; readonly status: number; readonly headers: readonly string[] }

const PREFLIGHT_STATUS = 204

/**
 * A gateway inside another program: it decides as `/authz` does, for the requests of one environment, and listens
 * nowhere. Its creator disposes it.
 */
export class EmbeddedGateway implements AsyncDisposable {
  readonly #deps: EmbeddedGatewayDeps
  readonly #proxies: TrustedProxies
  readonly #connections: ConnectionPool
  readonly #requestIds = new RequestIds()
  readonly #authorize: Parameters<typeof authorizeRequest>[0]
  readonly #endPreparing: () => void
  /** The last host: a service has few. */
  #lastHost: { readonly text: string; readonly name: string | null } = { text: '', name: null }

  private constructor(deps: EmbeddedGatewayDeps) {
    const { cell, monotonicMs, logger, usage, importedKeyId, nowMs, readiness, mayDecide } = deps
    this.#deps = deps
    this.#proxies = new TrustedProxies(new AddressSet(deps.trustedProxies))
    this.#connections = new ConnectionPool(new AddressSet(deps.upstreamAllow))
    const issuers = new IssuerKeys({ requester: this.#connections, logger })
    const authorizer = new Authorizer({
      proxies: this.#proxies,
      limiter: new RateLimiter(),
      usage,
      basic: new BasicAuthenticator({ monotonicMs }),
      jwt: new JwtVerifier(issuers, logger, monotonicMs),
      importedKeyId,
      monotonicMs,
    })
    const hosts = {
      locate: (snapshot: Snapshot, host: string | undefined, path: string) =>
        this.#located(snapshot, host, path),
    }
    this.#authorize = { cell, nowMs, authorizer, maxStalenessSeconds: null, readiness, mayDecide, hosts }
    this.#endPreparing = cell.onPrepare(prepareRoutes)
  }

  /** Prepares the routes of the snapshot that is there. */
  static async open(deps: EmbeddedGatewayDeps): Promise<EmbeddedGateway> {
    const opened = new EmbeddedGateway(deps)
    await prepareRoutes(deps.cell.current, 'all')
    return opened
  }

  /**
   * Decides about a request. The decision is synchronous when every fact is at hand, which is nearly always.
   *
   * @param method in upper case
   * @param received path and query as received, within the environment
   * @param request its headers hold the credentials
   * @throws unexpected errors, possibly as a rejection
   */
  decide(
    method: string,
    received: string,
    request: IncomingMessage,
  ): EmbeddedDecision | Promise<EmbeddedDecision> {
    const requestId = this.#requestIds.of(request)
    const { headers } = request
    const target = parseRequestTarget(withoutAuthority(received, headers.host))
    if ('problem' in target) return refused(requestId, invalidRequest(target.problem))
    const named = this.#proxies.sent(request) ? forwardedHost(headers) : headers.host
    const host = this.#deps.host ?? named
    if (host === null) return refused(requestId, invalidRequest(TWO_HOSTS))
    if (host !== undefined && !isHost(host)) return refused(requestId, invalidRequest(BAD_HOST))
    const description = { method, host, target, request, preflights: 'always', entry: null } as const
    const asked = { method, query: target.query, request, requestId }
    const authorization = authorizeRequest(this.#authorize, description)
    return authorization instanceof Promise
      ? authorization.then((late) => this.#decision(asked, late))
      : this.#decision(asked, authorization)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#endPreparing()
    await this.#connections.destroy()
  }

  #decision({ method, query, request, requestId }: Asked, decided: Authorization): EmbeddedDecision {
    const authorization = currentAuthorization(this.#authorize, decided, request, query)
    if (authorization.kind !== 'allowed') {
      return refused(requestId, refusalOf(authorization, request, requestId))
    }
    const { verdict, snapshot, pattern, path } = authorization
    const deployment = compileDeployment(verdict.deployment)
    if (verdict.kind === 'preflight') {
      const headers = ['x-request-id', requestId]
      if (deployment.cors !== null) appendPreflight(headers, deployment.cors, request.headers.origin ?? '')
      return { kind: 'preflight', status: PREFLIGHT_STATUS, headers }
    }
    const answered = admittedResponseHeaders({ deployment, request, requestId, budgets: verdict.budgets })
    const errors = deployment.requestRules.of(pattern, method)?.targetErrors(pattern, path, query) ?? []
    if (errors.length > 0) return refused(requestId, invalidTarget(errors, answered))
    const { environment, pipeline, version } = deployment.record
    return {
      kind: 'allowed',
      caller: { ...identityOf(snapshot, verdict), environment, pipeline, version },
      headers: ['x-request-id', requestId, ...answered],
      revision: snapshot.revision,
    }
  }

  /** The environment of every request. Its pipelines can have hosts; the service serves them. */
  #located(snapshot: Snapshot, host: string | undefined, path: string): EnvironmentPath {
    const { organization, environment: name } = this.#deps
    const environment = snapshot.environment(organization, name)
    return { environment, path, host: host === undefined ? null : this.#nameOf(host) }
  }

  #nameOf(host: string): string | null {
    if (this.#lastHost.text !== host) this.#lastHost = { text: host, name: hostName(host) ?? null }
    return this.#lastHost.name
  }
}

interface Asked {
  readonly method: string
  readonly query: string | null
  readonly request: IncomingMessage
  readonly requestId: string
}

function refused(requestId: string, { code, headers = [], details }: Refusal): EmbeddedDecision {
  const problem = problemAnswer(code, details)
  return {
    kind: 'refused',
    status: problem.status,
    code,
    body: problem.body,
    headers: ['x-request-id', requestId, ...problem.headers, ...headers],
  }
}

const BAD_HOST = 'The host is not a host name or an address. Send the host of the URL.'
const TWO_HOSTS = 'X-Forwarded-Host has more than one host. Send one.'
