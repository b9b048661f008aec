import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import { isIPv6, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  Problem,
  TIMEOUT_MS_MAX,
  type DeploymentRecord,
  type EnvironmentView,
  type ProblemCode,
} from '@sallyport/core'
import { AddressSet } from '../address/address-set.ts'
import { answerProblem, rawProblem } from './request/answer.ts'
import { AuthzEntrance } from './entrance/authz.ts'
import { isAuthz } from './request/authz-description.ts'
import { answerClientError } from './entrance/client-error.ts'
import { TrustedProxies } from './request/client-address.ts'
import type { GatewayDeps, GatewayParts } from './entrance/gateway-parts.ts'
import { HostMap } from './request/host-map.ts'
import { IssuerKeys } from './credentials/issuer-keys.ts'
import { Judge } from './credentials/authorizer.ts'
import { TokenJudge } from './credentials/jwt-verifier.ts'
import { OutcomeCounts, registerGatewayMetrics } from './entrance/outcome-counts.ts'
import { PasswordJudge } from './credentials/basic-authenticator.ts'
import { PipelineEntrance, type CallerWish } from './entrance/pipeline-entrance.ts'
import { RateLimiter } from './credentials/rate-limiter.ts'
import { RequestIds } from './request/request-id.ts'
import { makeRuns } from './runs/make-runs.ts'
import { runDue, type DueOutcome } from './runs/run-due.ts'
import type { RunParts } from './runs/run-request.ts'
import { Tunnels } from './proxy/tunnels.ts'
import { hasBody } from './request/unread-body.ts'
import { Upstreams } from '../egress/upstreams.ts'

/** The most bytes of a request's line and headers together. */
const HEADER_BYTES_MAX = 16 * 1024
/** How long a request's headers may take to arrive, in ms. */
const HEADERS_MS_MAX = 10_000
/** How often connections are looked over for that, in ms. */
const CONNECTION_CHECK_MS = 2_000
/** How long a whole request may take to arrive: longer than any pipeline's own timeout, which ends it before. */
const REQUEST_MS_MAX = TIMEOUT_MS_MAX + 60_000
/** How long an unused connection is kept: longer than the 60 s of most proxies, so that they are the ones to close. */
const KEEP_ALIVE_MS = 65_000
const CONNECTIONS_MAX = 16_384
/** How long a close waits for requests under way, unless told otherwise. */
const CLOSE_MS = 8_000
/** How often, during a close, connections that have become idle are looked for. */
const CLOSE_CHECK_MS = 25

/** A gateway that listens. */
export interface Gateway extends AsyncDisposable {
  readonly port: number
  /** Where it can be called on this machine, without a slash at the end. */
  readonly url: string
  /**
   * Runs the steps of a deployment because its time has come, within its trigger's timeout.
   *
   * @param dueAtMs when it was due, in milliseconds since 1970
   * @returns how it came out; it never rejects
   */
  runScheduled(
    environment: EnvironmentView,
    deployment: DeploymentRecord,
    dueAtMs: number,
  ): Promise<DueOutcome>
  /**
   * Stops listening, lets requests under way finish, and ends the rest by force after a while.
   *
   * @param graceMs how long that while is
   */
  close(graceMs?: number): Promise<void>
}

/** Starts the data plane. @throws what listening throws, such as EADDRINUSE */
export async function startGateway(deps: GatewayDeps): Promise<Gateway> {
  const running = new RunningGateway(deps)
  await running.listen()
  return running
}

class RunningGateway implements Gateway {
  readonly #deps: GatewayDeps
  readonly #server: Server
  readonly #parts: GatewayParts
  readonly #pipelines: PipelineEntrance
  readonly #authz: AuthzEntrance
  readonly #upstreams: Upstreams
  readonly #runs: RunParts
  readonly #tunnels = new Tunnels()
  /** The response that a connection is in the middle of, where that takes longer than a tick. */
  readonly #responses = new WeakMap<Duplex, ServerResponse>()
  #address: AddressInfo | null = null
  #isClosing = false
  #closed: Promise<void> | null = null

  constructor(deps: GatewayDeps) {
    const { config, logger, nowMs } = deps
    this.#deps = deps
    const proxies = new TrustedProxies(new AddressSet(config.trustedProxies))
    const counts = new OutcomeCounts()
    const passwords = new PasswordJudge({ nowMs, ...deps.passwords })
    this.#upstreams = new Upstreams(new AddressSet(config.upstreamAllow))
    const jwt = new TokenJudge(new IssuerKeys({ requester: this.#upstreams, logger }), logger)
    this.#parts = {
      deps,
      hosts: new HostMap(config.hosts),
      proxies,
      judge: new Judge({
        proxies,
        limiter: new RateLimiter(),
        usage: deps.usage,
        basic: passwords,
        jwt,
      }),
      counts,
      requestIds: new RequestIds(),
    }
    this.#runs = makeRuns(
      deps,
      { passwords, jwt },
      {
        upstreams: this.#upstreams,
        proxies,
        tunnels: this.#tunnels,
        count: (outcome) => counts.count('gateway', outcome),
      },
    )
    this.#pipelines = new PipelineEntrance(this.#parts, this.#runs)
    this.#authz = new AuthzEntrance(this.#parts)
    registerGatewayMetrics(deps.registry, counts, deps.readiness, () => this.#tunnels.size, this.#runs.places)
    this.#server = this.#makeServer()
  }

  get port(): number {
    return this.#address?.port ?? this.#deps.config.port
  }

  get url(): string {
    const address = this.#address?.address ?? this.#deps.config.host
    const host = address === '::' || address === '0.0.0.0' ? 'localhost' : address
    return `http://${isIPv6(host) ? `[${host}]` : host}:${this.port}`
  }

  async listen(): Promise<void> {
    const { host, port } = this.#deps.config
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        this.#address = this.#server.address() as AddressInfo
        resolve()
      })
    })
  }

  async runScheduled(
    environment: EnvironmentView,
    deployment: DeploymentRecord,
    dueAtMs: number,
  ): Promise<DueOutcome> {
    const due = { snapshot: this.#deps.cell.current, environment, deployment, dueAtMs }
    return await runDue({ ...due, requestId: this.#parts.requestIds.fresh() }, this.#runs)
  }

  close(graceMs: number = CLOSE_MS): Promise<void> {
    this.#closed ??= this.#close(graceMs)
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(graceMs: number): Promise<void> {
    this.#isClosing = true
    const idle = setInterval(() => this.#server.closeIdleConnections(), CLOSE_CHECK_MS)
    const force = setTimeout(() => {
      this.#tunnels.destroyAll()
      this.#server.closeAllConnections()
    }, graceMs)
    try {
      await new Promise<void>((resolve) => {
        this.#server.close(() => resolve())
      })
    } finally {
      clearInterval(idle)
      clearTimeout(force)
      this.#tunnels.destroyAll()
      await this.#upstreams.destroy()
    }
  }

  #makeServer(): Server {
    const server = createServer({
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      insecureHTTPParser: false,
      // Node.js would answer a request without `Host` by itself, with an empty body.
      requireHostHeader: false,
      noDelay: true,
      // A request without a body has nothing to read: Node.js need not set a stream up for it.
      optimizeEmptyRequests: true,
      shouldUpgradeCallback: isWebSocket,
    })
    // All headers within the byte limit: the default would drop those past the 2000th without a word.
    server.maxHeadersCount = 0
    server.maxConnections = CONNECTIONS_MAX
    server.on('request', (request, response) => this.#take(request, response, PLAIN))
    server.on('checkContinue', (request, response) => this.#take(request, response, EXPECTING))
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      this.#refuse(request, response, 'expectation_failed')
    })
    server.on('upgrade', (request, socket, head) => this.#takeUpgrade(request, socket, head))
    server.on('connect', (request, socket) => {
      socket.on('error', () => socket.destroy())
      socket.end(rawProblem('invalid_request', this.#parts.requestIds.of(request)))
    })
    server.on('clientError', (error, socket) => {
      answerClientError(error, socket, this.#responses.get(socket), this.#parts.requestIds.fresh())
    })
    return server
  }

  #take(request: IncomingMessage, response: ServerResponse, wish: CallerWish): void {
    if (this.#isClosing) response.shouldKeepAlive = false
    try {
      if (request.httpVersionMajor < 1) {
        // Without a version in its first line a request is HTTP/0.9 to Node.js, with headers that 0.9 does not have.
        this.#refuse(request, response, 'invalid_request', NO_VERSION)
      } else if (!hasOneHost(request)) {
        this.#refuse(request, response, 'invalid_request', NO_HOST)
      } else {
        const answered = isAuthz(request.url ?? '')
          ? this.#authz.answer(request, response)
          : this.#pipelines.answer(request, response, wish)
        answered?.catch((error: unknown) => this.#crashed(request, response, error))
      }
    } catch (error) {
      this.#crashed(request, response, error)
    }
    // What is answered already needs no remembering.
    if (!response.writableEnded) this.#responses.set(request.socket, response)
  }

  /** Refuses what is no request that could be decided, and ends the connection. */
  #refuse(request: IncomingMessage, response: ServerResponse, code: ProblemCode, detail?: string): void {
    this.#parts.counts.count('gateway', code)
    response.shouldKeepAlive = false
    const details = detail === undefined ? {} : { detail }
    answerProblem(response, code, this.#parts.requestIds.of(request), [], details)
  }

  /**
   * A problem is answered as it is. Anything else nobody expected: the caller learns the request's id, the log the
   * rest, and the others go on.
   */
  #crashed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const requestId = this.#parts.requestIds.of(request)
    const code = error instanceof Problem ? error.code : 'internal'
    this.#deps.logger.error({ requestId, err: error }, 'a request failed on our side')
    this.#parts.counts.count('gateway', code)
    if (response.headersSent) response.socket?.destroy()
    else answerProblem(response, code, requestId, [])
  }

  #takeUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const socket = stream as Socket
    // A caller may talk on without waiting for the switch.
    if (head.length > 0) socket.unshift(head)
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    socket.on('error', () => socket.destroy())
    socket.on('drain', () => response.emit('drain'))
    response.assignSocket(socket)
    // A refusal, or an upstream that does not switch, is a plain answer, the last one on this connection.
    response.on('finish', () => socket.destroySoon())
    this.#take(request, response, UPGRADING)
  }
}

const NO_VERSION = 'End the first line of the request with the version, such as `HTTP/1.1`.'
const NO_HOST = 'Send the header `Host` exactly once.'

const PLAIN: CallerWish = { expectsContinue: false, isUpgrade: false }
const EXPECTING: CallerWish = { expectsContinue: true, isUpgrade: false }
const UPGRADING: CallerWish = { expectsContinue: false, isUpgrade: true }

/**
 * Whether a request names its host as it must (RFC 9112 section 3.2). Node.js keeps the first of two `Host` headers,
 * and an upstream may keep the second.
 */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/**
 * Whether a request is an opening handshake of the WebSocket protocol (RFC 6455 section 4.1). Any other `Upgrade` is
 * an offer that a server may pass over (RFC 9110 section 7.8), so that its request is answered as if without it.
 */
function isWebSocket(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.headers.upgrade?.toLowerCase() === 'websocket' &&
    !hasBody(request) &&
    !isAuthz(request.url ?? '')
  )
}
