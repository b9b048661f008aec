import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { appendCors, appendPreflight } from '../headers/cors.ts'
import { appendIdentity, identityOf } from '../headers/identity-headers.ts'
import { appendRateLimits } from '../headers/rate-limit-headers.ts'
import { readDescription } from '../request/authz-description.ts'
import { parseRequestTarget } from '../request/request-target.ts'
import { entryOf } from '../response/gateway-response.ts'
import { sendProblem } from '../response/problem-response.ts'
import { sendResponse } from '../response/send-response.ts'
import { authorizeRequest, currentAuthorization, type Authorization } from './authorize-request.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import { invalidRequest, noteRefusal, refusalOf, type Refusal } from './refusal.ts'

/** The error statuses that nginx's `auth_request` accepts; it turns any other into 500. */
const NGINX_REFUSALS: ReadonlySet<number> = new Set([401, 403])

/**
 * Authorizes requests on behalf of other proxies. The decision is the same as for a request that the gateway receives
 * itself, but no pipeline runs. An allowed request gets 200 with all identity headers, a denied one the denial's status.
 * `x-sallyport-outcome` tells a preflight, which no upstream should get, from a request that is allowed without a
 * credential.
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
    if (!(authorization instanceof Promise))
      return this.#respond(response, requestId, target.query, authorization)
    return authorization.then((late) => this.#respond(response, requestId, target.query, late))
  }

  #respond(response: ServerResponse, requestId: string, query: string | null, decided: Authorization): void {
    const request = response.req
    const authorization = currentAuthorization(this.#deps, decided, request, query)
    if (authorization.kind !== 'allowed') {
      noteRefusal(entryOf(response), authorization)
      this.#refuse(response, requestId, refusalOf(authorization, request))
      return
    }
    const { verdict, snapshot } = authorization
    if (verdict.kind === 'allow') entryOf(response)?.decided(verdict)
    const deployment = compileDeployment(verdict.deployment)
    const headers = ['x-request-id', requestId, 'content-length', '0']
    const identity = verdict.kind === 'allow' ? identityOf(snapshot, verdict) : null
    appendIdentity(headers, identity, deployment)
    const { origin } = request.headers
    if (verdict.kind === 'preflight') {
      entryOf(response)?.answered('preflight')
      headers.push('x-sallyport-outcome', 'preflight')
      if (deployment.cors !== null) appendPreflight(headers, deployment.cors, origin ?? '')
    } else {
      headers.push('x-sallyport-outcome', 'allowed')
      appendCors(headers, deployment.cors, origin)
      appendRateLimits(headers, verdict.budgets)
    }
    sendResponse(response, 200, headers, undefined)
  }

  #refuse(response: ServerResponse, requestId: string, { code, headers = [], details }: Refusal): void {
    const isNginx = response.req.headers['x-sallyport-mode'] === 'nginx'
    const allDetails = isNginx ? { ...details, statuses: NGINX_REFUSALS } : details
    sendProblem(response, code, requestId, headers, allDetails)
  }
}
