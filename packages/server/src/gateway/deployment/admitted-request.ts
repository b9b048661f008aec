import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DenyReason, EnvironmentView, RateBudget } from '@sallyport/core'
import type { Exchange } from '../exchanges/exchange.ts'
import { appendCors } from '../headers/cors.ts'
import type { Identity } from '../headers/identity-headers.ts'
import type { UpstreamToken } from '../message/upstream-token.ts'
import { appendRateLimits } from '../headers/rate-limit-headers.ts'
import { endRefused } from '../response/cut-response.ts'
import type { CompiledDeployment } from './compiled-deployment.ts'
import type { CompiledRequestRules } from './request-rules.ts'

/** Protocol features that a caller asks for. */
export interface ProtocolOptions {
  /** Whether the caller waits for "100 Continue" before it sends its body. */
  readonly expectsContinue: boolean
  /** Whether the caller asks for the WebSocket protocol. */
  readonly isUpgrade: boolean
}

/** An authorized request on its way through a pipeline. */
export interface AdmittedRequest extends ProtocolOptions {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly exchange: Exchange
  readonly deployment: CompiledDeployment
  /** The deployment's environment in the snapshot that authorized the request. */
  readonly environment: EnvironmentView
  /** The matching route pattern. */
  readonly pattern: string
  /** What the request must contain; null for nothing. */
  readonly requestRules: CompiledRequestRules | null
  /** The path within the environment, as received. */
  readonly path: string
  readonly query: string | null
  readonly identity: Identity
  /** The token of an `oauth.token` step; undefined or null without one. */
  readonly token?: UpstreamToken | null
  /** The caller's remaining rate limits. */
  readonly budgets: readonly RateBudget[]
  /** The remaining time of the pipeline, in ms. */
  readonly timeoutMs: number
  /** The whole body if steps have read it; null if it is unread or there is none. */
  readonly content: Buffer | null
}

/** The headers of every response of a pipeline, including refusals, as alternating names and values. */
export function pipelineResponseHeaders(
  deployment: CompiledDeployment | null,
  request: IncomingMessage,
  requestId: string,
): string[] {
  if (deployment === null) return []
  const headers = [...deployment.responseHeaders]
  if (deployment.correlation !== null) headers.push(deployment.correlation.name, requestId)
  appendCors(headers, deployment.cors, request.headers.origin)
  return headers
}

/** Ends an admitted request that is no longer allowed. */
export function endAdmitted(admitted: AdmittedRequest, reason: DenyReason): void {
  const { response, requestId } = admitted
  endRefused(response, reason, requestId, admittedResponseHeaders(admitted))
}

/** The headers of every response to an admitted request: the pipeline's, and the caller's remaining rate limits. */
export function admittedResponseHeaders({
  deployment,
  request,
  requestId,
  budgets,
}: Pick<AdmittedRequest, 'deployment' | 'request' | 'requestId' | 'budgets'>): string[] {
  const headers = pipelineResponseHeaders(deployment, request, requestId)
  appendRateLimits(headers, budgets)
  return headers
}
