import type { ServerResponse } from 'node:http'
import { Problem, type DeploymentRecord, type EnvironmentView, type Snapshot } from '@sallyport/core'
import { limitSending } from '../../connections/sending-limit.ts'
import { hasBody } from '../../connections/unread-body.ts'
import type { CallableDeployments } from '../listing/callable-deployments.ts'
import { documentText } from '../listing/document-text.ts'
import { openApiDocument } from '../listing/openapi-document.ts'
import { sendProblem } from '../response/problem-response.ts'
import { sendResponse } from '../response/send-response.ts'
import { routesOf } from '../routing/environment-routes.ts'
import { AMBIGUOUS } from '../routing/route-tree.ts'
import { samplePaths } from '../routing/sample-paths.ts'

/** The path of the document within an environment. */
export const OPENAPI_PATH = '/.well-known/openapi.json'

/** How many documents of one environment are made at a time: each takes a decision for every deployment. */
const AT_A_TIME = 2

/** How long a caller may take to read a document, in ms. Until then it takes memory. */
const SENDING_MS_MAX = 30_000

interface OpenApiRequest {
  readonly snapshot: Snapshot
  readonly environment: EnvironmentView
  /** The path of the environment on the host of the request, without a final slash. */
  readonly base: string
  /** The environment's own host that the request is sent to, see `EnvironmentPath`. */
  readonly host: string | null
  readonly query: string | null
}

/** Answers callers with an OpenAPI document of what their credentials open. */
export class OpenApiEndpoint {
  readonly #deployments: CallableDeployments
  readonly #nowMs: () => number
  /** By environment, how many documents are being made. */
  readonly #inProgress = new Map<string, number>()

  constructor(deployments: CallableDeployments, nowMs: () => number) {
    this.#deployments = deployments
    this.#nowMs = nowMs
  }

  /** @throws unexpected errors, as a rejection */
  async answer(response: ServerResponse, requestId: string, asked: OpenApiRequest): Promise<void> {
    const { method } = response.req
    if (method !== 'GET' && method !== 'HEAD') {
      sendProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
      return
    }
    const { organization, name } = asked.environment
    const key = `${organization} ${name}`
    const others = this.#inProgress.get(key) ?? 0
    if (others >= AT_A_TIME) {
      sendProblem(response, 'unavailable', requestId, ['retry-after', '1'])
      return
    }
    this.#inProgress.set(key, others + 1)
    try {
      await sendDocument(response, requestId, await this.#document(response, asked))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      sendProblem(response, error.code, requestId, [])
    } finally {
      const left = (this.#inProgress.get(key) ?? 1) - 1
      if (left === 0) this.#inProgress.delete(key)
      else this.#inProgress.set(key, left)
    }
  }

  async #document(
    { req }: ServerResponse,
    { snapshot, environment, base, host, query }: OpenApiRequest,
  ): Promise<readonly Buffer[]> {
    const callable = await this.#deployments.of(snapshot, environment, host, req, query, this.#nowMs)
    const title = `${environment.organization} ${environment.name}`
    return await documentText(await openApiDocument(title, base, callable, reachedAt(environment, host)))
  }
}

/** Sends a document piece by piece, as its caller reads it. */
async function sendDocument(
  response: ServerResponse,
  requestId: string,
  pieces: readonly Buffer[],
): Promise<void> {
  const headers = [
    'x-request-id',
    requestId,
    'content-type',
    'application/json',
    'content-length',
    String(pieces.reduce((sum, piece) => sum + piece.length, 0)),
    // It depends on the credentials, and on what is deployed now.
    'cache-control',
    'no-store',
    // What anyone may read, pages of other origins may read too. Those with a key ask from their servers.
    'access-control-allow-origin',
    '*',
  ]
  const [only] = pieces
  if (pieces.length === 1 || hasBody(response.req)) {
    sendResponse(response, 200, headers, pieces.length === 1 ? only : Buffer.concat(pieces))
    limitSending(response, SENDING_MS_MAX)
    return
  }
  response.writeHead(200, headers)
  limitSending(response, SENDING_MS_MAX)
  for (const piece of pieces) {
    if (response.destroyed) return
    if (!response.write(piece)) await drained(response)
  }
  response.end()
}

/** Resolves when more can be written, or nothing any more. */
async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('drain', resolve).once('close', resolve)
  await promise
  response.off('drain', resolve).off('close', resolve)
}

/** Which routes requests to a host reach. Only at hosts that triggers name, a route can hide all of another one. */
function reachedAt(
  environment: EnvironmentView,
  host: string | null,
): (deployment: DeploymentRecord, method: string, pattern: string) => boolean {
  const routes = routesOf(environment, host)
  if (routes === routesOf(environment)) return () => true
  return (deployment, method, pattern) =>
    samplePaths(pattern).some((path) => {
      const route = routes.find(method, path)
      return route !== null && (route === AMBIGUOUS || route.deployment === deployment)
    })
}
