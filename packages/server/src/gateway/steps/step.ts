import type { EnvironmentView, ProblemCode, Snapshot } from '@sallyport/core'
import type { ProblemDetails } from '../request/answer.ts'
import type { CompiledDeployment } from '../deployment/compiled-deployment.ts'
import type { Message } from '../message/message.ts'
import type { StepTools } from './step-tools.ts'

/** Why a pipeline ends before its end, as data: nothing of it is unexpected. */
export type StepProblem =
  | { readonly kind: 'known'; readonly code: ProblemCode; readonly details: ProblemDetails }
  /** One that the pipeline's author has made. */
  | { readonly kind: 'own'; readonly code: string; readonly status: number; readonly detail: string }

export type StepOutcome = { readonly message: Message } | { readonly problem: StepProblem }

/** One way of a message through a deployment's steps, for a request or for a due time. */
export interface Run {
  readonly tools: StepTools
  readonly snapshot: Snapshot
  readonly environment: EnvironmentView
  readonly deployment: CompiledDeployment
  /** What the log and upstreams know the run by. */
  readonly requestId: string
  /** The route pattern that the message's path matched; empty where no route led here. */
  readonly pattern: string
  /** The caller's address; asked for only where it matters. */
  readonly address: () => string
  /** Aborted when the time is over, or when nobody waits for the outcome any more. */
  readonly signal: AbortSignal
}

/** A step with everything worked out that is the same for each message. */
export interface RunnableStep {
  /** Where it stands in the spec, as a JSON Pointer (RFC 6901). */
  readonly place: string
  /** Whether it waits for an upstream: then it is the upstream that takes too long. */
  readonly callsUpstream: boolean
  /** Whether it evaluates anything over the message. */
  readonly seesMessage: boolean
  /** @throws Problem, as a rejection, for an outage of ours */
  run(message: Message, run: Run): Promise<StepOutcome>
}

/** A problem of the catalogue. */
export function known(code: ProblemCode, details: ProblemDetails = {}): { readonly problem: StepProblem } {
  return { problem: { kind: 'known', code, details } }
}
