import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Allowed, Snapshot } from '@sallyport/core'
import { admittedResponseHeaders } from '../deployment/admitted-request.ts'
import { RememberedVerdict } from '../credentials/remembered-verdicts.ts'
import { compileDeployment, type CompiledDeployment } from '../deployment/compiled-deployment.ts'
import { appendCors, appendPreflight } from '../headers/cors.ts'
import { appendIdentity, identityOf } from '../headers/identity-headers.ts'
import { appendRateLimits } from '../headers/rate-limit-headers.ts'
import { readDescription } from '../request/authz-description.ts'
import { stripQueryKeys } from '../request/query-key.ts'
import { parseRequestTarget } from '../request/request-target.ts'
import { entryOf } from '../response/gateway-response.ts'
import { headerLines, sendPrepared } from '../response/prepared-head.ts'
import { sendProblem } from '../response/problem-response.ts'
import { sendResponse } from '../response/send-response.ts'
import { authorizeRequest, currentAuthorization, type Authorization } from './authorize-request.ts'
import { authzMode } from './authz-mode.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import { invalidRequest, invalidTarget, noteRefusal, refusalOf, type Refusal } from './refusal.ts'

/** The status for a preflight that the asking proxy must not forward, although it can only refuse or forward. */
const UNFORWARDED = 403

interface Asked {
  readonly method: string
  readonly target: string
  readonly query: string | null
}

/**
 * Authorizes requests on behalf of other proxies. The decision is the same as for a request that the gateway receives
 * itself, but no pipeline runs. An allowed request gets 200 with all identity headers, a denied one the denial's status.
 * `x-sallyport-outcome` tells a preflight, which no upstream should get, from a request that is allowed without a
 * credential. A proxy can ask for more in `X-Sallyport-Mode`, see `authzMode`.
 */
export class AuthzEntrance {
  readonly #deps: EntranceDeps

  constructor(deps: EntranceDeps) {
    this.#deps = deps
  }

  /** Answers synchronously or returns a promise. @throws unexpected errors, possibly as a rejection */
  answer(request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    const { proxies, requestIds } = this.#deps
    const requestId = requestIds.of(request)
    const entry = entryOf(response)
    entry?.identify(requestId, 'authz', request.method ?? '')
    const described = readDescription(request, proxies.sent(request))
    if ('problem' in described) {
      this.#refuse(response, requestId, invalidRequest(described.problem))
      return
    }
    const target = parseRequestTarget(described.target)
    if ('problem' in target) {
      this.#refuse(response, requestId, invalidRequest(target.problem))
      return
    }
    const { method, host } = described
    entry?.identify(requestId, 'authz', method)
    // The proxy forwards allowed requests to the upstream. If the pipeline serves OPTIONS itself, a request that looks
    // like a preflight must not bypass its credentials.
    const description = { method, host, target, request, preflights: 'unless-served', entry } as const
    const authorization = authorizeRequest(this.#deps, description)
    const { query } = target
    const asked = { method, target: described.target, query }
    if (!(authorization instanceof Promise)) return this.#respond(response, requestId, asked, authorization)
    return authorization.then((late) => this.#respond(response, requestId, asked, late))
  }

  /**
   * @param asked the method, path and query as described; the query is that of the target
   */
  #respond(
    response: ServerResponse,
    requestId: string,
    { method, target, query }: Asked,
    decided: Authorization,
  ): void {
    const request = response.req
    const authorization = currentAuthorization(this.#deps, decided, request, query)
    if (authorization.kind !== 'allowed') {
      noteRefusal(entryOf(response), authorization)
      this.#refuse(response, requestId, refusalOf(authorization, request, requestId))
      return
    }
    const { verdict, snapshot, pattern, path } = authorization
    if (verdict.kind === 'allow') entryOf(response)?.decided(verdict)
    const deployment = compileDeployment(verdict.deployment)
    if (verdict.kind === 'allow') {
      const errors = deployment.requestRules.of(pattern, method)?.targetErrors(pattern, path, query) ?? []
      if (errors.length > 0) {
        const answered = admittedResponseHeaders({
          deployment,
          request,
          requestId,
          budgets: verdict.budgets,
        })
        this.#refuse(response, requestId, invalidTarget(errors, answered))
        return
      }
    }
    const { sendsTarget, readsDescription } = authzMode(request.headers['x-sallyport-mode'])
    if (verdict instanceof RememberedVerdict && !sendsTarget && deployment.cors === null) {
      verdict.answerLines ??= answerLines(snapshot, verdict, deployment)
      const lines = `x-request-id: ${requestId}\r\n${verdict.answerLines}`
      if (sendPrepared(response, lines, this.#deps.nowMs())) return
    }
    const headers = ['x-request-id', requestId, 'content-length', '0']
    const identity = verdict.kind === 'allow' ? identityOf(snapshot, verdict) : null
    appendIdentity(headers, identity, deployment)
    const { origin } = request.headers
    let status = 200
    if (verdict.kind === 'preflight') {
      entryOf(response)?.answered('preflight')
      headers.push('x-sallyport-outcome', 'preflight')
      if (readsDescription) {
        headers.push('x-sallyport-status', String(status))
        status = UNFORWARDED
      }
      if (deployment.cors !== null) appendPreflight(headers, deployment.cors, origin ?? '')
    } else {
      headers.push('x-sallyport-outcome', 'allowed')
      if (sendsTarget) {
        const { apiKeyInQuery } = deployment.trigger
        headers.push('x-sallyport-target', targetWithoutKeys(target, query, apiKeyInQuery))
      }
      appendCors(headers, deployment.cors, origin)
      appendRateLimits(headers, verdict.budgets)
    }
    sendResponse(response, status, headers, undefined)
  }

  #refuse(response: ServerResponse, requestId: string, { code, headers = [], details }: Refusal): void {
    const mode = authzMode(response.req.headers['x-sallyport-mode'])
    const allDetails =
      mode.statuses === undefined
        ? details
        : { ...details, statuses: mode.statuses, describesAnswer: mode.readsDescription }
    sendProblem(response, code, requestId, headers, allDetails)
  }
}

/** The answer to every request with a token that was let in: its headers apart from the id of the request. */
function answerLines(snapshot: Snapshot, verdict: Allowed, deployment: CompiledDeployment): string {
  const headers = ['content-length', '0']
  appendIdentity(headers, identityOf(snapshot, verdict), deployment)
  headers.push('x-sallyport-outcome', 'allowed')
  return headerLines(headers)
}

/** The target for the upstream: the path as the caller sent it, since that is what was decided, and no key. */
function targetWithoutKeys(target: string, query: string | null, readsKey: boolean): string {
  const kept = stripQueryKeys(query, readsKey)
  if (kept === query) return target
  const path = target.slice(0, target.indexOf('?'))
  return kept === null ? path : `${path}?${kept}`
}
