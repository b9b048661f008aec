import type { ServerOptions } from 'node:http'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { Problem } from '@sallyport/core'
import fastify, { LogController } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { requireKey } from './authentication.ts'
import { answerClientError, answerExpectations } from './client-errors.ts'
import type { ControlApp } from './routing/control-app.ts'
import type { ControlDeps } from './routing/dependencies.ts'
import { documentRoutes } from './documentation/openapi-document.ts'
import { serveDocumentation } from './documentation/reference-page.ts'
import { handleErrors, sendProblem } from './error-handling.ts'
import { ADDRESSES_MAX, createFailedAttempts } from './routing/failed-attempts.ts'
import { headerLines } from './header-lines.ts'
import { createOperations } from './routing/operations.ts'
import { BODY_BYTES_MAX, readJsonBodies, readYamlBodies } from './request-body.ts'
import { requestIdOf } from './request-id.ts'
import { recordRequests } from './request-record.ts'
import { auditEventRoutes } from './routes/audit-events.ts'
import { basicCredentialRoutes } from './routes/basic-credentials.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { environmentRoutes } from './routes/environments.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { goingLiveRoutes } from './routes/deployment-actions.ts'
import { issuerRoutes } from './routes/issuers.ts'
import { keyRollRoutes } from './routes/key-rolls.ts'
import { keyRoutes } from './routes/keys.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { pipelineRoutes } from './routes/pipelines.ts'
import { policyRoutes } from './routes/policies.ts'
import { probeRoutes } from './routes/probes.ts'
import { projectRoutes } from './routes/projects.ts'
import { scheduleRunRoutes } from './routes/schedule-runs.ts'
import { secretRoutes } from './routes/secrets.ts'
import { setupRoutes } from './routes/setup.ts'
import { signingKeyRoutes } from './routes/signing-keys.ts'
import { verifyRoutes } from './routes/verify.ts'
import { whoamiRoutes } from './routes/whoami.ts'
import { validateRequests } from './validation.ts'

/** All headers of a request together, in bytes. */
const HEADER_BYTES_MAX = 16 * 1024
/** How long a caller may take to send the head of a request, and all of it, in ms. */
const HEADERS_TIMEOUT_MS = 15_000
const REQUEST_TIMEOUT_MS = 30_000
/** How often Node looks for requests that are over those times, in ms. */
const TIMEOUT_CHECK_MS = 5_000
/** A connection on which nothing moves for this long is closed: twice the longest wait for a receipt. */
const IDLE_CONNECTION_MS = 120_000
/** Longer than the minute after which common load balancers drop an idle connection, so that they close it first. */
const KEEP_ALIVE_MS = 72_000
/** The longest text of a path parameter: longer than any name or id. */
const PARAMETER_CHARS_MAX = 128
/** Half a year: long enough for browsers to take it, and about this host alone. */
const HSTS_SECONDS = 180 * 24 * 60 * 60

const SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: HEADER_BYTES_MAX,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  // Node would answer a request without `Host` by itself, with an empty body.
  requireHostHeader: false,
}

/** Builds the management API. It is ready to listen, or to be asked with `inject`. */
export async function buildControl(deps: ControlDeps): Promise<ControlApp> {
  const app = newApp(deps)
  app.decorateRequest('actor', undefined)
  app.decorateRequest('sentBody', undefined)
  handleErrors(app)
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
  addRequestHooks(app)
  await app.register(rateLimit, { global: false, cache: ADDRESSES_MAX })
  await documentRoutes(app)

  const operations = createOperations(deps)
  const failures = createFailedAttempts(app)
  probeRoutes(app, deps)
  await serveDocumentation(app)
  setupRoutes(app, operations, deps.setupToken, failures.setup)
  await app.register(async (keyed: ControlApp) => {
    requireKey(keyed, deps, failures.credentials)
    readYamlBodies(keyed)
    whoamiRoutes(keyed, operations)
    organizationRoutes(keyed, operations)
    environmentRoutes(keyed, operations)
    policyRoutes(keyed, operations)
    projectRoutes(keyed, operations)
    pipelineRoutes(keyed, operations)
    scheduleRunRoutes(keyed, operations)
    deploymentRoutes(keyed, operations, deps.gateway)
    goingLiveRoutes(keyed, operations, deps)
    secretRoutes(keyed, operations)
    signingKeyRoutes(keyed, operations, deps.nowMs)
    issuerRoutes(keyed, operations)
    consumerRoutes(keyed, operations)
    basicCredentialRoutes(keyed, operations)
    keyRoutes(keyed, operations, deps.nowMs)
    keyRollRoutes(keyed, operations)
    verifyRoutes(keyed, operations, deps.verify)
    auditEventRoutes(keyed, operations)
    gatewayRoutes(keyed, operations, deps)
  })
  answerExpectations(app.server, deps.randomBytes)
  return app
}

function newApp({ logger, randomBytes, trustedProxies }: ControlDeps): ControlApp {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: (request) => requestIdOf(request, randomBytes),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_CONNECTION_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // What is under way is finished; only connections that wait for a next request are closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: PARAMETER_CHARS_MAX },
    http: SERVER_OPTIONS,
    clientErrorHandler: answerClientError(randomBytes),
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply)
    },
  }) as unknown as ControlApp
}

function addRequestHooks(app: ControlApp): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    // RFC 9112 section 3.2: exactly one Host in HTTP/1.1.
    const hosts = headerLines(request.raw, 'host').length
    if (hosts > 1 || (hosts === 0 && request.raw.httpVersion === '1.1')) {
      throw new Problem('invalid_request', { detail: 'Send the header `Host` exactly once.' })
    }
  })
  app.addHook('preValidation', async (request) => {
    request.sentBody = request.body
  })
}
