import type { EnvironmentView, ProblemCode, Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { Expressions } from '../../expression/expressions.ts'
import type { RequestEntry } from '../../requests/request-entry.ts'
import type { RequestTrace } from '../../telemetry/tracing/request-trace.ts'
import type { Balancers } from '../balance/balancers.ts'
import type { BasicAuthenticator } from '../credentials/basic-authenticator.ts'
import type { JwtVerifier } from '../credentials/jwt-verifier.ts'
import type { CompiledDeployment } from '../deployment/compiled-deployment.ts'
import type { Exchange } from '../exchanges/exchange.ts'
import type { EnvironmentSecrets } from '../deployment/environment-secrets.ts'
import type { EnvironmentSigners } from '../deployment/environment-signers.ts'
import type { Message } from '../message/message.ts'
import type { UpstreamTokens } from './upstream-tokens.ts'
import type { ProblemDetails } from '../response/problem-response.ts'

/** The services that the steps of a gateway use. */
export interface StepDeps {
  /** Holds the current snapshot. A run lasts, so its steps check credentials with the current one, not with its own. */
  readonly cell: { readonly current: Snapshot }
  readonly expressions: Pick<Expressions, 'evaluate'>
  readonly connections: ConnectionPool
  readonly balancers: Pick<Balancers, 'of'>
  readonly passwords: Pick<BasicAuthenticator, 'checkPassword'>
  readonly jwt: Pick<JwtVerifier, 'verify'>
  readonly signers: EnvironmentSigners
  readonly secrets: EnvironmentSecrets
  readonly tokens: Pick<UpstreamTokens, 'tokenFor'>
  readonly nowMs: () => number
  readonly logger: Logger
}

/** Why a pipeline ends early. An expected outcome, so it is data. */
export type StepProblem =
  /** A problem of the catalogue. */
  | { readonly kind: 'catalogue'; readonly code: ProblemCode; readonly details: ProblemDetails }
  /** A problem that the pipeline's author has defined. */
  | { readonly kind: 'author'; readonly code: string; readonly status: number; readonly detail: string }

export type StepOutcome = { readonly message: Message } | { readonly problem: StepProblem }

/** One run of a deployment's steps, for a request or a schedule. */
export interface Run {
  readonly deps: StepDeps
  readonly environment: EnvironmentView
  readonly deployment: CompiledDeployment
  readonly exchange: Exchange
  /** Notes the time that its upstreams take; null for a scheduled run. */
  readonly entry: RequestEntry | null
  /** Its span, the parent of what its upstreams do. */
  readonly trace: RequestTrace | null
  /** Identifies the run in logs and at upstreams. */
  readonly requestId: string
  /** The matching route pattern; empty for a scheduled run. */
  readonly pattern: string
  /** Returns the caller's address; called only when it is needed. */
  readonly address: () => string
  /** Aborted when the time is up or the caller has disconnected. */
  readonly signal: AbortSignal
}

/** A step with everything precomputed that does not depend on the message. */
export interface RunnableStep {
  /** The step's location in the spec, as a JSON Pointer (RFC 6901). */
  readonly pointer: string
  /** Whether the step waits for an upstream, which a timeout is then attributed to. */
  readonly callsUpstream: boolean
  /** Whether the step evaluates expressions over the message. */
  readonly readsMessage: boolean
  /** @throws Problem, as a rejection, for an outage */
  run(message: Message, run: Run): Promise<StepOutcome>
}

/** A problem of the catalogue as an outcome. */
export function stepProblem(
  code: ProblemCode,
  details: ProblemDetails = {},
): { readonly problem: StepProblem } {
  return { problem: { kind: 'catalogue', code, details } }
}
