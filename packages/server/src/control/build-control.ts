import type { ServerOptions } from 'node:http'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import { Problem, REFERENCE_CHARS_MAX } from '@sallyport/core'
import fastify, { LogController, type FastifyRequest } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { RefusalRecords } from '../app/audit/refusal-records.ts'
import { isSetUp } from '../app/organizations/set-up.ts'
import { requireActor } from './authentication.ts'
import { limitConnections } from '../connections/limit-connections.ts'
import { answerHalfClosed } from '../connections/half-closed-callers.ts'
import { answerClientError, answerConnect, answerExpectations } from './client-errors.ts'
import { shareBodies } from './body-shares.ts'
import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'
import { documentRoutes } from './documentation/openapi-document.ts'
import { serveDocumentation } from './documentation/serve-documentation.ts'
import { handleErrors, sendProblem } from './error-handling.ts'
import { AllowedHosts } from './allowed-hosts.ts'
import { FailedCredentials, SetupAttempts } from './routing/failed-attempts.ts'
import { headerLines } from './header-lines.ts'
import { createOperations } from './routing/operations.ts'
import { BODY_BYTES_MAX, keepBodyBytes, readJsonBodies, readYamlBodies } from './request-body.ts'
import { type Callers, RESOURCES, RESOURCE_TEXTS } from './resources.ts'
import { KeyRateLimits } from './routing/key-rate-limits.ts'
import { requirePortal } from './sessions/require-portal.ts'
import { requireSession } from './sessions/require-session.ts'
import { WebSessions } from './sessions/web-sessions.ts'
import { SignInLimits } from './sessions/sign-in-limits.ts'
import { gitHubReportRoute } from './routes/keys/leaks.ts'
import { serveDashboard } from './pages/dashboard-page.ts'
import { serveHandOverPage } from './pages/hand-over-page.ts'
import { limitBodyTime } from './body-deadline.ts'
import { discardUnreadBodies } from './unread-body.ts'
import { limitUnreadResponses } from './unread-response.ts'
import { Preconditions } from './routing/preconditions.ts'
import { requireRouteAccess } from './routing/route-access.ts'
import { refusedChanges } from './refused-change.ts'
import { requestIdOf } from './request-id.ts'
import { recordRequests } from './request-record.ts'
import { healthRoutes } from './routes/health.ts'
import { setupRoutes } from './routes/setup.ts'
import { validateRequests } from './validation.ts'

/** The most bytes of all headers of a request. */
const HEADER_BYTES_MAX = 16 * 1024
/** The most time to receive the headers of a request, in ms, and its body, unless its route allows more. */
const HEADERS_TIMEOUT_MS = 15_000
const BODY_DEADLINE_MS = 30_000
/** How often Node checks the time of headers, in ms. */
const TIMEOUT_CHECK_MS = 5_000
/** How long an inactive connection stays open, in ms: twice the longest wait for a receipt. */
const IDLE_CONNECTION_MS = 120_000
/** In ms; longer than the minute after which common load balancers close an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 72_000
/** See `limitConnections`. */
const CONNECTIONS_MAX = 2_048
/** See `answerHalfClosed`: longer than any operation takes. */
const GONE_MS = 60_000
/** How often it is checked whether an hour of counted refusals is over, in ms. */
const REFUSALS_MS = 60_000
/** Half a year, for this host only. */
const HSTS_SECONDS = 180 * 24 * 60 * 60

const SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: HEADER_BYTES_MAX,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  // Without this, Node answers a request without `Host` itself, with an empty body.
  requireHostHeader: false,
}

/** Builds the management API, ready to listen or for `inject`. */
export async function buildControl(deps: ControlDeps): Promise<ControlApp> {
  const hosts = new AllowedHosts(deps)
  const app = newApp(deps)
  app.decorateRequest('actor', undefined)
  app.decorateRequest('sentBody', undefined)
  app.decorateRequest('bodyBytes', undefined)
  app.decorateRequest('problemCode', undefined)
  app.decorateRequest('entityTag', undefined)
  app.decorateRequest('releaseBody', undefined)
  await app.register(cookie, { hook: 'onRequest' })
  const refusals = recordRefusals(app, deps)
  const unknownRoute = handleErrors(app, (request, problem) => {
    for (const refusal of refusedChanges(request, problem)) refusals.note(refusal)
  })
  readJsonBodies(app)
  validateRequests(app)
  app.setSerializerCompiler(serializerCompiler)
  recordRequests(app, deps)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    hsts: { maxAge: HSTS_SECONDS, includeSubDomains: false },
  })
  limitBodyTime(app, BODY_DEADLINE_MS)
  addRequestHooks(app, hosts, unknownRoute)
  shareBodies(app)
  discardUnreadBodies(app)
  limitUnreadResponses(app)
  await documentRoutes(app, RESOURCE_TEXTS)

  const sessions = new WebSessions(deps)
  const limits = new SignInLimits(deps.monotonicMs)
  const failures = new FailedCredentials(deps.monotonicMs, () => isSetUp(deps))
  const keyLimits = new KeyRateLimits(deps.monotonicMs)
  const preconditions = new Preconditions()
  preconditions.refuseUnknown(app)
  preconditions.sendTags(app)
  const operations = createOperations(deps, preconditions)
  const api = { app, operations, preconditions, deps, sessions, limits }
  healthRoutes(api, (request) => hosts.has(request))
  await serveDocumentation(app)
  await serveHandOverPage(app)
  await serveDashboard(app, deps.randomBytes)
  await app.register(async (own: ControlApp) => {
    keepBodyBytes(own)
    gitHubReportRoute({ ...api, app: own }, failures)
  })
  setupRoutes(api, new SetupAttempts(deps.monotonicMs))
  const addRoutes = async (callers: Callers, prepare: (app: ControlApp) => void): Promise<void> => {
    await app.register(async (own: ControlApp) => {
      prepare(own)
      for (const resource of RESOURCES) {
        if (resource.callers !== callers) continue
        for (const add of resource.addRoutes) add({ ...api, app: own })
      }
    })
  }
  await addRoutes('actors', (own) => {
    requireActor(own, deps, failures, sessions, keyLimits)
    requireRouteAccess(own)
    readYamlBodies(own)
  })
  await addRoutes('people', (own) => requireSession(own, deps, sessions))
  await addRoutes('portal', (own) => requirePortal(own, deps, failures, keyLimits))
  await addRoutes('visitors', (own) => {
    own.addHook('onRequest', async (request) => sessions.requireOwnOrigin(request))
  })
  limitConnections(app.server, CONNECTIONS_MAX)
  answerExpectations(app.server, deps.randomBytes)
  answerHalfClosed(app.server, GONE_MS)
  answerConnect(app.server, deps.randomBytes)
  app.server.on('upgrade', (request, socket, head) => deps.streams?.begin(request, socket, head))
  return app
}

/** Records refused changes until the app closes, which waits for the last records. */
function recordRefusals(app: ControlApp, { store, nowMs, logger }: ControlDeps): RefusalRecords {
  const onFault = (err: unknown): void => logger.warn({ err }, 'recording a refused change failed')
  const refusals = new RefusalRecords({ store, nowMs, onFault })
  const timer = setInterval(() => refusals.closeWindows(), REFUSALS_MS)
  timer.unref()
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await refusals.end()
  })
  return refusals
}

function newApp({ logger, randomBytes, trustedProxies, streams }: ControlDeps): ControlApp {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: (request) => requestIdOf(request, randomBytes),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES_MAX,
    // See `limitBodyTime`.
    requestTimeout: 0,
    connectionTimeout: IDLE_CONNECTION_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Requests in progress complete; only idle connections are closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: REFERENCE_CHARS_MAX },
    http: { ...SERVER_OPTIONS, shouldUpgradeCallback: (request) => streams?.accepts(request) === true },
    clientErrorHandler: answerClientError(randomBytes),
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply)
    },
  }) as unknown as ControlApp
}

function addRequestHooks(
  app: ControlApp,
  allowed: AllowedHosts,
  unknownRoute: (request: FastifyRequest) => Problem,
): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
    const hosts = headerLines(request.raw, 'host').length
    if (hosts > 1 || (hosts === 0 && request.raw.httpVersion === '1.1')) {
      throw new Problem('invalid_request', { detail: 'Send the header `Host` exactly once.' })
    }
    allowed.require(request)
    // The caller is unknown, so its body must not be read.
    if (request.is404) throw unknownRoute(request)
  })
  app.addHook('preValidation', async (request) => {
    request.sentBody = request.body
  })
}
