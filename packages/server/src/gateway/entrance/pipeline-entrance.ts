import type { IncomingMessage, ServerResponse } from 'node:http'
import { emptyEnvironment, Problem, type ProblemCode } from '@sallyport/core'
import { answerProblem, appendReason, type ProblemDetails } from '../request/answer.ts'
import { forwardedHost } from '../request/authz-description.ts'
import { callHeaders, pipelineHeaders, type Call } from '../deployment/admitted-request.ts'
import { compileDeployment, type CompiledDeployment } from '../deployment/compiled-deployment.ts'
import { appendPreflight } from '../headers/cors.ts'
import { findRoute } from '../request/find-route.ts'
import type { GatewayParts } from './gateway-parts.ts'
import { identityOf } from '../headers/identity-headers.ts'
import { answerJwks, JWKS_PATH } from './jwks-endpoint.ts'
import { isJsonType } from '../request/media-type.ts'
import { answerOperator, isOperatorPath } from './operator-paths.ts'
import { outage } from './outage.ts'
import type { Verdict } from '../credentials/authorizer.ts'
import { ProxyExchange } from '../proxy/proxy-exchange.ts'
import { parseRequestTarget, withoutAuthority } from '../request/request-target.ts'
import { answerRendered } from '../runs/answer-message.ts'
import { runRequest, type RunParts } from '../runs/run-request.ts'
import { endEarly, hasBody } from '../request/unread-body.ts'

/** What a caller wants beside an answer. */
export interface CallerWish {
  readonly expectsContinue: boolean
  readonly isUpgrade: boolean
}

/** Takes in the requests for pipelines: finds the route, has it decided, and runs what was let in. */
export class PipelineEntrance {
  readonly #parts: GatewayParts
  readonly #run: RunParts

  constructor(parts: GatewayParts, run: RunParts) {
    this.#parts = parts
    this.#run = run
  }

  /** Answers at once, or gives a promise to answer, which rejects for what nobody expected. */
  answer(request: IncomingMessage, response: ServerResponse, wish: CallerWish): void | Promise<void> {
    const { deps, hosts, proxies, judge, counts, requestIds } = this.#parts
    const requestId = requestIds.of(request)
    const refuse = (code: ProblemCode, headers: readonly string[], details?: ProblemDetails): void => {
      counts.count('gateway', code)
      answerProblem(response, code, requestId, headers, details)
    }
    const target = parseRequestTarget(withoutAuthority(request.url ?? '', request.headers.host))
    if ('problem' in target) {
      refuse('invalid_request', [], { detail: target.problem })
      return
    }
    const host = proxies.sent(request) ? forwardedHost(request.headers) : request.headers.host
    const problem = host === null ? 'X-Forwarded-Host names more than one host.' : framingProblem(request)
    if (host === null || problem !== undefined) {
      refuse('invalid_request', [], { detail: problem ?? '' })
      return
    }
    if (isOperatorPath(target.path) && hosts.target(host) === undefined) {
      answerOperator(response, target.path, requestId, deps)
      return
    }
    const snapshot = deps.cell.current
    const fault = outage(snapshot, deps)
    if (fault !== null) {
      refuse(fault, [])
      return
    }
    const method = request.method ?? ''
    const nowMs = deps.nowMs()
    const { environment, path } = hosts.locate(snapshot, host, target.path)
    if (path === JWKS_PATH && environment !== undefined) {
      counts.count('gateway', 'jwks')
      answerJwks(response, environment, requestId, nowMs)
      return
    }
    const { fact, route, preflight } = findRoute(environment, method, path, request, 'always')
    const proceed = (verdict: Verdict): void | Promise<void> => {
      if (verdict.kind === 'deny') {
        const refused = verdict.deployment === null ? null : compileDeployment(verdict.deployment)
        const headers = pipelineHeaders(refused, request)
        appendReason(headers, verdict)
        refuse(verdict.reason, headers)
        return
      }
      const deployment = compileDeployment(verdict.deployment)
      if (verdict.kind === 'preflight') {
        counts.count('gateway', 'preflight')
        answerPreflight(response, requestId, deployment)
        return
      }
      const identity = identityOf(snapshot, verdict.principal)
      const { budgets } = verdict
      const pattern = route?.pattern ?? ''
      const { record } = deployment
      const where = environment ?? emptyEnvironment(record.organization, record.environment)
      const call: Call = {
        request,
        response,
        requestId,
        deployment,
        snapshot,
        environment: where,
        pattern,
        path,
        query: target.query,
        identity,
        budgets,
        timeoutMs: deployment.trigger.timeoutMs,
        content: null,
        ...wish,
      }
      return this.#answerCall(call, refuse)
    }
    const verdict = judge.judge(snapshot, fact, preflight, request, target.query, nowMs)
    if (!(verdict instanceof Promise)) return proceed(verdict)
    return verdict.then(proceed, (error: unknown) => {
      if (!(error instanceof Problem)) throw error
      const asked = fact.kind === 'found' ? compileDeployment(fact.deployment) : null
      refuse(error.code, pipelineHeaders(asked, request))
    })
  }

  #answerCall(
    call: Call,
    refuse: (code: ProblemCode, headers: readonly string[], details?: ProblemDetails) => void,
  ): void | Promise<void> {
    const { request, deployment, requestId } = call
    const { trigger, step } = deployment
    if (Number(request.headers['content-length'] ?? 0) > trigger.requestBytesMax) {
      refuse('too_large', callHeaders(call), {
        extensions: { limitBytes: trigger.requestBytesMax },
      })
    } else if (trigger.kind === 'rest' && hasBody(request) && !isJson(request)) {
      refuse('unsupported_media_type', callHeaders(call))
    } else if (step.kind === 'proxy') {
      new ProxyExchange(call, step, this.#run.exchange).start()
    } else if (step.kind === 'respond') {
      this.#parts.counts.count('gateway', 'responded')
      answerRendered(call, step)
    } else if (step.kind === 'run') {
      return runRequest(call, step, this.#run)
    } else {
      const { organization, environment, pipeline } = deployment.record
      const about = { requestId, organization, environment, pipeline, reason: step.reason }
      this.#parts.deps.logger.error(about, 'a deployment cannot be run')
      refuse('internal', callHeaders(call))
    }
  }
}

/** Node.js decodes `chunked` and no other coding; a body in one would go on without its name. */
function framingProblem(request: IncomingMessage): string | undefined {
  const coding = request.headers['transfer-encoding']
  return coding === undefined || coding.toLowerCase() === 'chunked'
    ? undefined
    : 'The only transfer coding taken is "chunked".'
}

/** Whether a body says, exactly once, that it is JSON. */
function isJson(request: IncomingMessage): boolean {
  let types = 0
  const { rawHeaders, headers } = request
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-type') types += 1
  }
  return types === 1 && isJsonType(headers['content-type'] ?? '')
}

function answerPreflight(response: ServerResponse, requestId: string, deployment: CompiledDeployment): void {
  const headers = ['x-request-id', requestId]
  if (deployment.cors !== null) {
    appendPreflight(headers, deployment.cors, response.req.headers.origin ?? '')
  }
  endEarly(response, 204, headers, undefined)
}
