import type { IncomingMessage, ServerResponse } from 'node:http'
import { emptyEnvironment, type ProblemCode, type Trigger } from '@sallyport/core'
import {
  admittedResponseHeaders,
  endAdmitted,
  pipelineResponseHeaders,
  type AdmittedRequest,
  type ProtocolOptions,
} from '../deployment/admitted-request.ts'
import { compileDeployment, type CompiledDeployment } from '../deployment/compiled-deployment.ts'
import { Compression } from '../compression/compression.ts'
import type { CompiledRequestRules, RequestError } from '../deployment/request-rules.ts'
import { Exchange } from '../exchanges/exchange.ts'
import { appendPreflight } from '../headers/cors.ts'
import { identityOf } from '../headers/identity-headers.ts'
import { ProxyExchange } from '../proxy/proxy-exchange.ts'
import { forwardedHost } from '../request/authz-description.ts'
import { firstOfBody } from '../request/first-of-body.ts'
import { isJsonType } from '../request/media-type.ts'
import { idIn } from '../request/request-id.ts'
import { isHost } from '../../address/host-name.ts'
import { hasBody } from '../../connections/unread-body.ts'
import { parseRequestTarget, withoutAuthority, type RequestTarget } from '../request/request-target.ts'
import { entryOf, GatewayResponse, whenClosed, withoutEntry } from '../response/gateway-response.ts'
import { sendProblem, type ProblemDetails } from '../response/problem-response.ts'
import { sendResponse } from '../response/send-response.ts'
import { runRequest, type RunDeps } from '../runs/run-request.ts'
import { limitSending } from '../../connections/sending-limit.ts'
import { sendRendered } from '../runs/send-message.ts'
import {
  authorizeRequest,
  currentAuthorization,
  outageOf,
  type AllowedRequest,
  type Authorization,
} from './authorize-request.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import { JWKS_PATH, sendJwks } from './jwks-endpoint.ts'
import { OPENAPI_PATH, type OpenApiEndpoint } from './openapi-endpoint.ts'
import { answerOperatorPath, isOperatorPath } from './operator-paths.ts'
import { invalidRequest, noteRefusal, refusalOf, refusedDeployment, type Refusal } from './refusal.ts'

/** Receives the requests for pipelines: authorizes them and runs the pipelines of those admitted. */
export class PipelineEntrance {
  readonly #deps: EntranceDeps
  readonly #run: RunDeps
  readonly #openApi: OpenApiEndpoint

  constructor(deps: EntranceDeps, run: RunDeps, openApi: OpenApiEndpoint) {
    this.#deps = deps
    this.#run = run
    this.#openApi = openApi
  }

  /** Answers synchronously or returns a promise. @throws unexpected errors, possibly as a rejection */
  answer(request: IncomingMessage, response: ServerResponse, options: ProtocolOptions): void | Promise<void> {
    const { hosts, proxies, requestIds } = this.#deps
    const requestId = requestIds.of(request)
    const entry = entryOf(response)
    entry?.identify(requestId, 'gateway', request.method ?? '')
    const target = parseRequestTarget(withoutAuthority(request.url ?? '', request.headers.host))
    if ('problem' in target) {
      this.#refuse(response, requestId, invalidRequest(target.problem))
      return
    }
    const host = proxies.sent(request) ? forwardedHost(request.headers) : request.headers.host
    if (host === null || (host !== undefined && !isHost(host))) {
      this.#refuse(response, requestId, invalidRequest(host === null ? TWO_HOSTS : BAD_HOST))
      return
    }
    const { path, query } = target
    if (isOperatorPath(path) && hosts.environmentOf(host) === undefined) {
      withoutEntry(response)
      answerOperatorPath(response, path, host, requestId, this.#deps)
      return
    }
    if (response instanceof GatewayResponse) {
      const own = hosts.environmentOf(host)
      if (own === undefined) response.sharedPath = environmentPath(path)
      else response.otherHosts = this.#deps.otherHosts.get(own.organization) ?? null
    }
    if (isPublication(path)) {
      const publication = this.#publication(response, requestId, host, target)
      if (publication !== null) return publication.done
    }
    const method = request.method ?? ''
    const description = { method, host, target, request, preflights: 'always', entry } as const
    const authorization = authorizeRequest(this.#deps, description)
    if (!(authorization instanceof Promise)) {
      return this.#proceed(response, requestId, query, options, authorization)
    }
    return authorization.then((late) => this.#proceed(response, requestId, query, options, late))
  }

  /** Answers a request for what an environment publishes. @returns null if it is not one, or during an outage */
  #publication(
    response: ServerResponse,
    requestId: string,
    host: string | undefined,
    target: RequestTarget,
  ): { readonly done: void | Promise<void> } | null {
    const snapshot = this.#deps.cell.current
    const { environment, path, host: ownHost } = this.#deps.hosts.locate(snapshot, host, target.path)
    if (environment === undefined || outageOf(snapshot, environment, this.#deps) !== null) return null
    if (path === JWKS_PATH) {
      entryOf(response)?.answered('jwks')
      return { done: sendJwks(response, environment, requestId, this.#deps.nowMs()) }
    }
    if (path !== OPENAPI_PATH) return null
    entryOf(response)?.answered('openapi')
    const base = target.path.slice(0, -path.length)
    return {
      done: this.#openApi.answer(response, requestId, {
        snapshot,
        environment,
        base,
        host: ownHost,
        query: target.query,
      }),
    }
  }

  #proceed(
    response: ServerResponse,
    ownId: string,
    query: string | null,
    options: ProtocolOptions,
    decided: Authorization,
    bodyWaitMs: number | null = null,
  ): void | Promise<void> {
    const request = response.req
    const authorization = currentAuthorization(this.#deps, decided, request, query)
    if (authorization.kind !== 'allowed') {
      const refusedId = correlatedId(response, ownId, refusedDeployment(authorization))
      noteRefusal(entryOf(response), authorization)
      this.#refuse(response, refusedId, refusalOf(authorization, request, refusedId))
      return
    }
    const { verdict, snapshot, environment, path, pattern } = authorization
    if (verdict.kind === 'allow') entryOf(response)?.decided(verdict)
    const deployment = compileDeployment(verdict.deployment)
    const requestId = correlatedId(response, ownId, deployment)
    if (verdict.kind === 'preflight') {
      entryOf(response)?.answered('preflight')
      sendPreflight(response, requestId, deployment)
      return
    }
    const requestRules = deployment.requestRules.of(pattern, request.method ?? '')
    if (bodyWaitMs === null && mayBeUnsuitable(request, deployment.trigger, requestRules)) {
      return this.#proceedWithBody(response, requestId, query, options, authorization, deployment)
    }
    const { record } = deployment
    return this.#runPipeline({
      request,
      response,
      requestId,
      exchange: new Exchange(record, { request, query }, verdict),
      deployment,
      environment: environment ?? emptyEnvironment(record.organization, record.environment),
      pattern,
      requestRules,
      path,
      query,
      identity: identityOf(snapshot, verdict),
      budgets: verdict.budgets,
      timeoutMs: Math.max(1, deployment.trigger.timeoutMs - (bodyWaitMs ?? 0)),
      content: null,
      ...options,
    })
  }

  /** Proceeds when it is known whether a body in chunks is empty: then it is none, whose type does not matter. */
  async #proceedWithBody(
    response: ServerResponse,
    requestId: string,
    query: string | null,
    options: ProtocolOptions,
    authorization: AllowedRequest,
    deployment: CompiledDeployment,
  ): Promise<void> {
    const request = response.req
    if (options.expectsContinue) response.writeContinue()
    const sinceMs = performance.now()
    const first = await firstOfBody(request, deployment.trigger.timeoutMs)
    if (first === 'late') {
      const headers = pipelineResponseHeaders(deployment, request, requestId)
      this.#refuse(response, requestId, { code: 'request_timeout', headers })
      return
    }
    if (first === 'empty') delete request.headers['transfer-encoding']
    const outage = outageOf(this.#deps.cell.current, authorization.environment, this.#deps)
    const decided: Authorization =
      outage === null ? authorization : { kind: 'undecided', code: outage, deployment }
    await this.#proceed(
      response,
      requestId,
      query,
      { ...options, expectsContinue: false },
      decided,
      performance.now() - sinceMs,
    )
  }

  #runPipeline(admitted: AdmittedRequest): void | Promise<void> {
    const { request, response, deployment, requestId, requestRules } = admitted
    const { trigger } = deployment
    if (trigger.compression !== undefined && response instanceof GatewayResponse) {
      const { compressors } = this.#run
      response.compression = new Compression(
        trigger.compression,
        compressors,
        deployment.tenant,
        admitted.exchange,
      )
    }
    const step = requestRules?.describesBody === true ? deployment.readingStep : deployment.step
    const unsuitable = hasBody(request) ? typeProblem(request, trigger, requestRules) : null
    const errors = requestRules?.targetErrors(admitted.pattern, admitted.path, admitted.query) ?? NO_ERRORS
    if (Number(request.headers['content-length'] ?? 0) > trigger.requestBytesMax) {
      this.#refuseAdmitted(admitted, 'too_large', { extensions: { limitBytes: trigger.requestBytesMax } })
    } else if (unsuitable !== null) {
      this.#refuseAdmitted(admitted, 'unsupported_media_type', unsuitable)
    } else if (errors.length > 0) {
      this.#refuseAdmitted(admitted, 'invalid_request', { extensions: { errors } })
    } else if (step.kind === 'proxy') {
      // It ends its registration itself.
      const exchange = new ProxyExchange(admitted, step, this.#run.exchange)
      this.#register(admitted)
      exchange.start()
    } else if (step.kind === 'respond') {
      this.#registerUntilClose(admitted)
      sendRendered(admitted, step)
      limitSending(admitted.response, admitted.timeoutMs)
    } else if (step.kind === 'run') {
      this.#registerUntilClose(admitted)
      return runRequest(admitted, step, this.#run)
    } else {
      const { organization, environment, pipeline } = deployment.record
      const about = { requestId, organization, environment, pipeline, reason: step.reason }
      this.#deps.logger.error(about, 'a deployment cannot run')
      this.#refuseAdmitted(admitted, 'internal')
    }
  }

  /** Registers an admitted request until its response has been sent or its connection is closed. */
  #registerUntilClose(admitted: AdmittedRequest): void {
    const { exchange, response } = admitted
    exchange.owner = { cut: (reason) => endAdmitted(admitted, reason) }
    whenClosed(response, () => exchange.close())
    this.#register(admitted)
  }

  #register({ request, exchange }: AdmittedRequest): void {
    // Nothing is sent to a caller who disconnected during the decision, and its close event is not emitted again.
    if (!request.socket.destroyed) this.#run.exchanges.add(exchange)
  }

  #refuseAdmitted(admitted: AdmittedRequest, code: ProblemCode, details?: ProblemDetails): void {
    const { response, requestId } = admitted
    this.#refuse(response, requestId, { code, headers: admittedResponseHeaders(admitted), details })
  }

  #refuse(response: ServerResponse, requestId: string, { code, headers = [], details }: Refusal): void {
    sendProblem(response, code, requestId, headers, details)
  }
}

/**
 * The id of a request: what its caller sent in the `correlationHeader` of the trigger, if that is acceptable. It is known only now which
 * trigger it is.
 *
 * @param ownId the id that counts otherwise
 */
function correlatedId(
  response: ServerResponse,
  ownId: string,
  deployment: CompiledDeployment | null,
): string {
  const name = deployment?.trigger.correlationHeader
  const id = name === undefined ? undefined : idIn(response.req, name)
  if (id === undefined) return ownId
  const entry = entryOf(response)
  if (entry !== null) entry.requestId = id
  return id
}

function isPublication(path: string): boolean {
  return path.endsWith(JWKS_PATH) || path.endsWith(OPENAPI_PATH)
}

/** The first two segments of a path, which name its environment. */
function environmentPath(path: string): string {
  const second = path.indexOf('/', 1)
  const third = second < 0 ? -1 : path.indexOf('/', second + 1)
  return third < 0 ? path : path.slice(0, third)
}

const BAD_HOST = 'X-Forwarded-Host is not a host name or an address. Send the host of the URL.'
const TWO_HOSTS = 'X-Forwarded-Host has more than one host. Send one.'

/** Whether only the first byte of a body shows if its type is one that the pipeline does not take. */
function mayBeUnsuitable(
  request: IncomingMessage,
  trigger: Trigger,
  rules: CompiledRequestRules | null,
): boolean {
  return request.headers['transfer-encoding'] !== undefined && typeProblem(request, trigger, rules) !== null
}

const NO_ERRORS: readonly RequestError[] = []

/** Why the pipeline does not take a body of this type; null if it does. */
function typeProblem(
  request: IncomingMessage,
  trigger: Trigger,
  rules: CompiledRequestRules | null,
): ProblemDetails | null {
  if (trigger.kind !== 'rest' && rules === null) return null
  const type = onlyContentType(request)
  if (trigger.kind === 'rest' && (type === undefined || !isJsonType(type))) return {}
  const detail = rules?.typeProblem(type, request.headers['content-encoding']) ?? null
  return detail === null ? null : { detail }
}

/** The `Content-Type` of a request if it has exactly one. */
function onlyContentType({ rawHeaders, headers }: IncomingMessage): string | undefined {
  let types = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-type') types += 1
  }
  return types === 1 ? headers['content-type'] : undefined
}

function sendPreflight(response: ServerResponse, requestId: string, deployment: CompiledDeployment): void {
  const headers = ['x-request-id', requestId]
  if (deployment.cors !== null) {
    appendPreflight(headers, deployment.cors, response.req.headers.origin ?? '')
  }
  sendResponse(response, 204, headers, undefined)
}
