import { type DeploymentRecord, type EnvironmentView, NO_LABELS } from '@sallyport/core'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { Exchange } from '../exchanges/exchange.ts'
import type { OpenExchanges } from '../exchanges/open-exchanges.ts'
import { initialMessage } from '../message/message.ts'
import { runnableSteps } from '../steps/runnable-steps.ts'
import type { StepDeps } from '../steps/step.ts'
import type { FinishedSpan } from '../../telemetry/tracing/finished-span.ts'
import type { RequestTrace } from '../../telemetry/tracing/request-trace.ts'
import { RunClock } from './run-clock.ts'
import type { RunSlots } from './run-slots.ts'
import { runSteps } from './run-steps.ts'

/** The outcome of a scheduled run: `succeeded`, or the code of the problem that ended it. */
export interface ScheduledOutcome {
  readonly outcome: string
}

/** One run of a deployment for one due time of its schedule. */
export interface ScheduledRun {
  readonly environment: EnvironmentView
  readonly deployment: DeploymentRecord
  /** In milliseconds since 1970. */
  readonly dueAtMs: number
  /** Identifies the run in logs and at upstreams. */
  readonly requestId: string
  readonly trace: RequestTrace
  /** Ends the run when it aborts. */
  readonly signal: AbortSignal
}

export interface ScheduledRunDeps {
  readonly steps: StepDeps
  readonly slots: RunSlots
  readonly exchanges: OpenExchanges
}

/** The method that steps see instead of a request's. */
const METHOD = 'SCHEDULE'
const SUCCEEDED = 'succeeded'

/**
 * Runs a deployment's steps for a due time, without a caller and without a response. The body of the first message is
 * `{"dueAt": …}`, in RFC 3339.
 *
 * @returns the outcome; never rejects
 */
export async function runScheduled(run: ScheduledRun, deps: ScheduledRunDeps): Promise<ScheduledOutcome> {
  const { environment, deployment: record, dueAtMs, requestId, trace, signal } = run
  const { logger } = deps.steps
  const deployment = compileDeployment(record)
  const { step, trigger } = deployment
  const about = { requestId, organization: record.organization, environment: record.environment }
  if (step.kind !== 'run' || step.closing !== null) {
    logger.error({ ...about, pipeline: record.pipeline }, 'a deployment cannot run without a caller')
    return { outcome: 'internal' }
  }
  using slot = deps.slots.acquire(deployment.tenant)
  if (slot === undefined) return { outcome: 'unavailable' }
  using clock = new RunClock(trigger.timeoutMs)
  const exchange = new Exchange(record, null, null)
  const cut = (): void => clock.cut()
  exchange.owner = { cut }
  signal.addEventListener('abort', cut)
  if (signal.aborted) cut()
  deps.exchanges.add(exchange)
  try {
    const identity = {
      organization: record.organization,
      consumer: null,
      consumerId: null,
      keyId: null,
      secretSequence: null,
      basicCredential: null,
      claims: null,
      labels: NO_LABELS,
    }
    const body = JSON.stringify({ dueAt: new Date(dueAtMs).toISOString() })
    const outcome = await runSteps(runnableSteps(step), initialMessage(NO_REQUEST, identity, body), {
      deps: deps.steps,
      environment,
      deployment,
      exchange,
      entry: null,
      trace,
      requestId,
      pattern: '',
      address: () => NO_ADDRESS,
      signal: clock.signal,
    })
    if (outcome === 'caller_gone') return { outcome: exchange.cutReason ?? 'unavailable' }
    return { outcome: 'problem' in outcome ? outcome.problem.code : SUCCEEDED }
  } catch (err) {
    logger.error({ ...about, pipeline: record.pipeline, err }, 'a scheduled run failed unexpectedly')
    return { outcome: 'internal' }
  } finally {
    signal.removeEventListener('abort', cut)
    exchange.close()
  }
}

/** The span of a run that has ended. */
export function runSpan(
  { deployment, requestId, trace }: Omit<ScheduledRun, 'environment' | 'signal'>,
  outcome: string,
  time: Pick<FinishedSpan, 'startMs' | 'durationMs'>,
): FinishedSpan {
  const { organization, environment, project, pipeline, version } = deployment
  const errorType = outcome === SUCCEEDED ? null : outcome
  return {
    ...time,
    name: 'scheduled run',
    kind: 'internal',
    trace,
    attributes: {
      'sallyport.outcome': outcome,
      'sallyport.request.id': requestId,
      'sallyport.organization': organization,
      'sallyport.environment': environment,
      'sallyport.project': project,
      'sallyport.pipeline': pipeline,
      'sallyport.version': version,
      ...(errorType === null ? {} : { 'error.type': errorType }),
    },
    errorType,
  }
}

const NO_REQUEST = { method: METHOD, path: '', params: new Map(), query: new Map(), headers: new Map() }
/** All schedules share one group in the queue of password verifications. */
const NO_ADDRESS = '::'
