import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem, type ProblemCode } from '@sallyport/core'
import { answerProblem, appendReason, type ProblemDetails } from '../request/answer.ts'
import { readDescription } from '../request/authz-description.ts'
import { pipelineHeaders } from '../deployment/admitted-request.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { appendPreflight } from '../headers/cors.ts'
import { findRoute } from '../request/find-route.ts'
import type { GatewayParts } from './gateway-parts.ts'
import { appendIdentity, identityOf } from '../headers/identity-headers.ts'
import type { Verdict } from '../credentials/authorizer.ts'
import { outage } from './outage.ts'
import { appendBudgets } from '../request/rate-headers.ts'
import { parseRequestTarget } from '../request/request-target.ts'
import { endEarly } from '../request/unread-body.ts'

/** What nginx's `auth_request` takes beside 2xx; it makes 500 of anything else. */
const NGINX_REFUSALS: ReadonlySet<number> = new Set([401, 403])

/**
 * The decision for other proxies: the same as for a request that comes to the gateway itself, without running the
 * pipeline. 200 with every identity header, or the decision's own status.
 */
export class AuthzEntrance {
  readonly #parts: GatewayParts

  constructor(parts: GatewayParts) {
    this.#parts = parts
  }

  /** Answers at once, or gives a promise to answer, which rejects for what nobody expected. */
  answer(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const { deps, hosts, proxies, judge, counts, requestIds } = this.#parts
    const requestId = requestIds.of(request)
    const snapshot = deps.cell.current
    const described = readDescription(request, proxies.sent(request))
    if ('problem' in described) {
      this.#refuse(response, 'invalid_request', requestId, [], { detail: described.problem })
      return
    }
    const target = parseRequestTarget(described.target)
    if ('problem' in target) {
      this.#refuse(response, 'invalid_request', requestId, [], { detail: target.problem })
      return
    }
    const fault = outage(snapshot, deps)
    if (fault !== null) {
      this.#refuse(response, fault, requestId, [])
      return
    }
    const place = hosts.locate(snapshot, described.host, target.path)
    const { fact, preflight } = findRoute(
      place.environment,
      described.method,
      place.path,
      request,
      // The proxy sends what is allowed on to the upstream. Where a pipeline takes OPTIONS as a method of its own,
      // a preflight's look must not spare a caller the credentials for it.
      'unless-served',
    )
    const proceed = (verdict: Verdict): void => {
      if (verdict.kind === 'deny') {
        const deployment = verdict.deployment === null ? null : compileDeployment(verdict.deployment)
        const headers = pipelineHeaders(deployment, request)
        appendReason(headers, verdict)
        this.#refuse(response, verdict.reason, requestId, headers)
        return
      }
      const deployment = compileDeployment(verdict.deployment)
      const headers = ['x-request-id', requestId, 'content-length', '0']
      appendIdentity(
        headers,
        verdict.kind === 'allow' ? identityOf(snapshot, verdict.principal) : null,
        deployment,
      )
      if (verdict.kind === 'preflight' && deployment.cors !== null) {
        appendPreflight(headers, deployment.cors, request.headers.origin ?? '')
      }
      if (verdict.kind === 'allow') appendBudgets(headers, verdict.budgets)
      counts.count('authz', verdict.kind)
      endEarly(response, 200, headers, undefined)
    }
    const verdict = judge.judge(snapshot, fact, preflight, request, target.query, deps.nowMs())
    if (!(verdict instanceof Promise)) return proceed(verdict)
    return verdict.then(proceed, (error: unknown) => {
      if (!(error instanceof Problem)) throw error
      const asked = fact.kind === 'found' ? compileDeployment(fact.deployment) : null
      this.#refuse(response, error.code, requestId, pipelineHeaders(asked, request))
    })
  }

  #refuse(
    response: ServerResponse,
    code: ProblemCode,
    requestId: string,
    headers: readonly string[],
    details: ProblemDetails = {},
  ): void {
    this.#parts.counts.count('authz', code)
    const isNginx = response.req.headers['x-sallyport-mode'] === 'nginx'
    answerProblem(
      response,
      code,
      requestId,
      headers,
      isNginx ? { ...details, statuses: NGINX_REFUSALS } : details,
    )
  }
}
