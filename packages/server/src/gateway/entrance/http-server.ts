import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Problem, PROBLEMS, TIMEOUT_MS_MAX, type ProblemCode } from '@sallyport/core'
import type { ProtocolOptions } from '../deployment/admitted-request.ts'
import { isAuthz } from '../request/authz-description.ts'
import { GatewayRequest } from '../request/gateway-request.ts'
import { protocolProblem } from '../request/protocol-problem.ts'
import { closeIfDiscarding, hasBody } from '../../connections/unread-body.ts'
import { entryOf, GatewayResponse } from '../response/gateway-response.ts'
import { announceKeepAlive, KEEP_ALIVE_MS } from '../response/keep-alive.ts'
import { rawProblem, sendProblem } from '../response/problem-response.ts'
import { closeIdle } from '../../connections/close-idle.ts'
import { ConnectionDrain } from '../../connections/connection-drain.ts'
import { readExpectation } from '../../connections/expectation.ts'
import { endRefused, isHalfClosed } from '../../connections/half-close.ts'
import { answerHalfClosed } from '../../connections/half-closed-callers.ts'
import { limitConnections } from '../../connections/limit-connections.ts'
import { parseProblem, type HttpProblem, type ParseError } from '../../connections/parse-problem.ts'
import { afterResponses, hasPendingResponse } from '../../connections/pending-responses.ts'
import type { AuthzEntrance } from './authz-entrance.ts'
import type { EntranceDeps } from './entrance-deps.ts'
import type { PipelineEntrance } from './pipeline-entrance.ts'
import { RequestTurns } from './request-turns.ts'

/** The maximum size of a request's line and headers together. */
const HEADER_BYTES_MAX = 16 * 1024
/** How long a request's headers may take to arrive, in ms. */
const HEADERS_MS_MAX = 10_000
/** How often connections are checked for these limits, in ms. */
const CONNECTION_CHECK_MS = 2_000
/** How long a whole request may take to arrive, in ms: longer than any pipeline's timeout, which applies first. */
const REQUEST_MS_MAX = TIMEOUT_MS_MAX + 60_000
/** See `answerHalfClosed`. */
const GONE_MS = 30_000
/** See `limitConnections`. */
const CONNECTIONS_MAX = 16_384

/** The gateway's HTTP server, and the drain that closes its connections. */
export interface GatewayHttpServer {
  readonly server: Server
  readonly drain: ConnectionDrain
}

/**
 * Makes the gateway's HTTP server, which passes requests to the two entrances. It rejects requests that Node.js cannot
 * parse or that no entrance may see, and responds to unexpected errors. The threads of a gateway share the limit of connections.
 */
export function makeHttpServer(
  deps: Pick<EntranceDeps, 'requestIds' | 'logger' | 'recorder'> & { readonly threads: number },
  pipelines: PipelineEntrance,
  authz: AuthzEntrance,
): GatewayHttpServer {
  const { requestIds, logger, recorder } = deps

  function answer(request: IncomingMessage, response: GatewayResponse, options: ProtocolOptions): void {
    // It is read here, because the bytes of the request are at hand only while they are parsed.
    const problem = protocolProblem(request) ?? expectationProblem(request)
    announceKeepAlive(response)
    if (endsConnection(request)) response.shouldKeepAlive = false
    turns.take(response, () => answerNow(request, response, options, problem))
  }

  function answerNow(
    request: IncomingMessage,
    response: GatewayResponse,
    options: ProtocolOptions,
    problem: HttpProblem | null,
  ): void {
    try {
      if (!drain.admits(response)) return
      response.entry = recorder.begin(request)
      if (problem !== null) refuse(request, response, problem.code, problem.detail)
      else {
        const answered = isAuthz(request.url ?? '')
          ? authz.answer(request, response)
          : pipelines.answer(request, response, options)
        answered?.catch((error: unknown) => failed(request, response, error))
      }
    } catch (error) {
      failed(request, response, error)
    }
    // A response without a socket waits for an earlier one.
    if (!response.writableEnded || response.socket === null) drain.began(response)
  }

  /** Refuses an invalid request and closes the connection. */
  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    code: ProblemCode,
    detail?: string,
  ): void {
    entryOf(response)?.identify(requestIds.of(request), 'gateway', request.method ?? '')
    response.shouldKeepAlive = false
    const details = detail === undefined ? {} : { detail }
    sendProblem(response, code, requestIds.of(request), [], details)
  }

  /** Sends a Problem as such, and any other error as `internal`: only the log has its cause. */
  function failed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const requestId = requestIds.of(request)
    const code = error instanceof Problem ? error.code : 'internal'
    logger.error({ requestId, err: error }, 'a request failed unexpectedly')
    if (response.headersSent) {
      const entry = entryOf(response)
      entry?.failed(code, requestId)
      entry?.cut()
      response.socket?.destroy()
    } else sendProblem(response, code, requestId, [])
  }

  function answerUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const socket = stream as Socket
    drain.release(request.socket)
    for (const release of mayBeIdle) release(request.socket)
    // The caller may send data before the upgrade is confirmed.
    if (head.length > 0) socket.unshift(head)
    const response = new GatewayResponse(request)
    response.shouldKeepAlive = false
    socket.on('error', () => socket.destroy())
    socket.on('drain', () => response.emit('drain'))
    response.assignSocket(socket)
    // A refusal, or an upstream that does not upgrade, gives a normal response, the last one on this connection.
    response.on('finish', () => socket.destroySoon())
    answer(request, response, UPGRADING)
  }

  /** Whether no further request can be read from the connection. */
  function endsConnection(request: IncomingMessage): boolean {
    const { headers, httpVersionMinor } = request
    // Node.js loses the bytes behind a request whose upgrade is ignored.
    return (
      (headers.upgrade !== undefined && ignoredUpgrades.has(request)) ||
      // The framing of such a request is faulty (RFC 9112 section 6.1).
      (httpVersionMinor === 0 && headers['transfer-encoding'] !== undefined)
    )
  }

  const turns = new RequestTurns()
  const ignoredUpgrades = new WeakSet<IncomingMessage>()
  const server = createServer({
    IncomingMessage: REQUEST,
    ServerResponse: GatewayResponse,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionsCheckingInterval: CONNECTION_CHECK_MS,
    // `closeIdle` costs less.
    keepAliveTimeout: 0,
    insecureHTTPParser: false,
    // Otherwise Node.js answers a request without `Host` itself, with an empty body.
    requireHostHeader: false,
    noDelay: true,
    // Node.js sets up no body stream for a request without a body.
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: (request) => {
      if (isWebSocket(request)) return true
      ignoredUpgrades.add(request)
      return false
    },
  })
  const drain = new ConnectionDrain(server)
  // Unlimited within the byte limit: by default Node.js silently drops headers after the 2000th.
  server.maxHeadersCount = 0
  const mayBeIdle = [
    limitConnections(server, Math.ceil(CONNECTIONS_MAX / deps.threads)),
    closeIdle(server, KEEP_ALIVE_MS),
  ]
  server.on('request', (request, response) => answer(request, response, PLAIN))
  server.on('checkContinue', (request, response) => answer(request, response, EXPECTING))
  server.on('checkExpectation', (request, response) => answer(request, response, PLAIN))
  answerHalfClosed(server, GONE_MS)
  server.on('upgrade', answerUpgrade)
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy())
    // Node.js no longer tells the response before that its caller has read on.
    socket.on('drain', () => drain.newestOn(request.socket)?.emit('drain'))
    const requestId = requestIds.of(request)
    const refusal = rawProblem('method_not_supported', requestId, NO_CONNECT)
    recorder.unreadable('method_not_supported', requestId, request.method ?? '')
    afterResponses(socket, () => endRefused(socket, refusal))
  })
  server.on('clientError', (error: ParseError, socket) => {
    afterResponses(socket, () => {
      const running = drain.newestOn(socket as Socket)
      const requestId = requestIds.fresh()
      const code = answerParseError(error, socket, running, requestId)
      if (code === null) return
      const entry = running === undefined || running.writableFinished ? null : entryOf(running)
      if (entry === null) recorder.unreadable(code, requestId, '')
      // The caller has broken off its request and probably left; the answer is for one that still reads.
      else if (error.code === CUT_OFF) entry.close(null, false)
      else {
        entry.failed(code, requestId)
        entry.close(PROBLEMS[code].status, true)
      }
    })
  })
  return { server, drain }
}

const NO_CONNECT = 'The method CONNECT is not supported: this is no forward proxy.'

/** Node.js's code for the end of the caller's side in the middle of a request. */
const CUT_OFF = 'HPE_INVALID_EOF_STATE'

/** Its responses are those to any request. */
const REQUEST: typeof IncomingMessage = GatewayRequest

const PLAIN: ProtocolOptions = { expectsContinue: false, isUpgrade: false }
const EXPECTING: ProtocolOptions = { expectsContinue: true, isUpgrade: false }
const UPGRADING: ProtocolOptions = { expectsContinue: false, isUpgrade: true }

/**
 * @param running the response in progress on the connection, if any
 * @returns the problem that was sent; null if the connection was closed without one
 */
function answerParseError(
  error: ParseError,
  socket: Duplex,
  running: ServerResponse | undefined,
  requestId: string,
): ProblemCode | null {
  if (isHalfClosed(socket) || closeIfDiscarding(socket)) return null
  const problem = parseProblem(error)
  const isMidResponse = running !== undefined && !running.writableFinished && running.headersSent
  // In the middle of a response, the problem would be read as part of its content.
  if (problem === null || error.code === 'ECONNRESET' || !socket.writable || isMidResponse) {
    socket.destroy()
    return null
  }
  endRefused(socket, rawProblem(problem.code, requestId, problem.detail))
  return problem.code
}

/** Refuses an expectation other than `100-continue`, which no gateway could meet (RFC 9110 section 10.1.1). */
function expectationProblem({ headers, httpVersionMinor }: IncomingMessage): HttpProblem | null {
  // HTTP/1.0 has none.
  const isUnknown = httpVersionMinor > 0 && readExpectation(headers.expect) === 'unknown'
  return isUnknown ? { code: 'expectation_failed' } : null
}

/** 16 bytes in base64 (RFC 6455 section 4.1). */
const WEB_SOCKET_KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/

/**
 * Whether a request is a WebSocket handshake (RFC 6455 section 4.1). A server may ignore any other `Upgrade` (RFC 9110
 * section 7.8), and such a request is answered like one without it.
 */
function isWebSocket(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    // An upgrade is ignored in HTTP/1.0 (RFC 9110 section 7.8).
    request.httpVersionMinor === 1 &&
    request.headers.upgrade?.toLowerCase() === 'websocket' &&
    WEB_SOCKET_KEY.test(request.headers['sec-websocket-key'] ?? '') &&
    !hasBody(request) &&
    !isAuthz(request.url ?? '') &&
    // A tunnel would take the connection from the response that it is still sending.
    !hasPendingResponse(request.socket)
  )
}
