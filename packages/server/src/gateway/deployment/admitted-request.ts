import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EnvironmentView, RateBudget, Snapshot } from '@sallyport/core'
import type { CompiledDeployment } from './compiled-deployment.ts'
import { appendCors } from '../headers/cors.ts'
import type { Identity } from '../headers/identity-headers.ts'
import { appendBudgets } from '../request/rate-headers.ts'

/** A request that was let in, on its way through a pipeline. */
export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly deployment: CompiledDeployment
  /** The one that let the request in. */
  readonly snapshot: Snapshot
  /** Where it is deployed, as that snapshot has it. */
  readonly environment: EnvironmentView
  /** The route pattern that matched, and the path within the environment that it matched, as it came. */
  readonly pattern: string
  readonly path: string
  readonly query: string | null
  readonly identity: Identity
  /** What the limits leave to the caller. */
  readonly budgets: readonly RateBudget[]
  /** What is left of the pipeline's time, in ms. */
  readonly timeoutMs: number
  /** The whole body, where steps have read it already; null where it is still to come, or there is none. */
  readonly content: Buffer | null
  /** Whether the caller waits for "100 Continue" before it sends its body. */
  readonly expectsContinue: boolean
  /** Whether the caller asks for the WebSocket protocol. */
  readonly isUpgrade: boolean
}

/** The headers of every answer of a pipeline, refusals included: names and values in turn. */
export function pipelineHeaders(deployment: CompiledDeployment | null, request: IncomingMessage): string[] {
  if (deployment === null) return []
  const headers = [...deployment.responseHeaders]
  appendCors(headers, deployment.cors, request.headers.origin)
  return headers
}

/** The headers of every answer to a call that was let in: those of the pipeline, and what its limits leave. */
export function callHeaders({ deployment, request, budgets }: Call): string[] {
  const headers = pipelineHeaders(deployment, request)
  appendBudgets(headers, budgets)
  return headers
}
