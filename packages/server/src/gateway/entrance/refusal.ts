import type { IncomingMessage } from 'node:http'
import type { ProblemCode } from '@sallyport/core'
import type { RequestEntry } from '../../requests/request-entry.ts'
import { pipelineResponseHeaders } from '../deployment/admitted-request.ts'
import { compileDeployment, type CompiledDeployment } from '../deployment/compiled-deployment.ts'
import type { RequestError } from '../deployment/request-rules.ts'
import { appendDenialHeaders, type ProblemDetails } from '../response/problem-response.ts'
import type { RefusedRequest } from './authorize-request.ts'

/** The problem that answers a refused request. */
export interface Refusal {
  readonly code: ProblemCode
  /** Those of the pipeline and of the refusal's reason, as alternating names and values; none by default. */
  readonly headers?: readonly string[]
  readonly details?: ProblemDetails | undefined
}

/** How either entrance answers a request that it does not admit. */
export function refusalOf(refused: RefusedRequest, request: IncomingMessage, requestId: string): Refusal {
  if (refused.kind === 'refused_path') return invalidRequest(refused.problem)
  if (refused.kind === 'undecided') {
    const { code, deployment } = refused
    return { code, headers: pipelineResponseHeaders(deployment, request, requestId) }
  }
  const { verdict } = refused
  const deployment = verdict.deployment === null ? null : compileDeployment(verdict.deployment)
  const headers = pipelineResponseHeaders(deployment, request, requestId)
  appendDenialHeaders(headers, verdict)
  const detail = verdict.reason === 'maintenance' ? deployment?.trigger.maintenance?.detail : null
  return { code: verdict.reason, headers, ...(typeof detail === 'string' && { details: { detail } }) }
}

/** The deployment that a refused request was routed to, as far as it is known. */
export function refusedDeployment(refused: RefusedRequest): CompiledDeployment | null {
  if (refused.kind === 'undecided') return refused.deployment
  if (refused.kind !== 'denied' || refused.verdict.deployment === null) return null
  return compileDeployment(refused.verdict.deployment)
}

/** Notes the pipeline of a refused request, as far as it is known. */
export function noteRefusal(entry: RequestEntry | null, refused: RefusedRequest): void {
  if (entry === null) return
  if (refused.kind === 'undecided' && refused.deployment !== null) entry.routed(refused.deployment.record)
  if (refused.kind !== 'denied') return
  const { verdict } = refused
  if (verdict.deployment !== null) entry.decided({ ...verdict, deployment: verdict.deployment })
}

/** @param problem a sentence for the caller */
export function invalidRequest(problem: string): Refusal {
  return { code: 'invalid_request', details: { detail: problem } }
}

/** The most errors, and the longest path of one, in an answer to another proxy, which may take it in a header. */
const DESCRIBED_ERRORS_MAX = 5
const DESCRIBED_PATH_CHARS_MAX = 100

/** @param headers those of the pipeline and of the caller's limits */
export function invalidTarget(errors: readonly RequestError[], headers: readonly string[]): Refusal {
  const described = errors
    .slice(0, DESCRIBED_ERRORS_MAX)
    .map((error) => ({ ...error, path: error.path.length > DESCRIBED_PATH_CHARS_MAX ? '' : error.path }))
  return { code: 'invalid_request', headers, details: { extensions: { errors: described } } }
}
