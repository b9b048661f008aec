import { headerSafe } from '../headers/identity-headers.ts'
import { environmentIssuer, HOP_BY_HOP, type DeploymentRecord, type Trigger } from '@sallyport/core'
import { compileCors, type CompiledCors } from '../headers/cors.ts'
import { DroppedNames } from '../headers/dropped-headers.ts'
import { DEPRECATION_HEADERS, deprecationHeaders } from '../headers/deprecation-headers.ts'
import { compileSteps, type CompiledStep } from './compiled-step.ts'
import { RouteRules } from './route-rules.ts'
import { isFramingHeader } from '../headers/hop-by-hop.ts'
import type { ResponseRules } from '../message/rendered-response.ts'
import type { Tenant } from '../../fairness/fair-share.ts'

/** A deployment with everything precomputed that does not depend on the request. */
export interface CompiledDeployment {
  readonly record: DeploymentRecord
  readonly trigger: Trigger
  /** For requests whose body no rule describes. */
  readonly step: CompiledStep
  /** For the others: it reads the body first. */
  readonly readingStep: CompiledStep
  readonly cors: CompiledCors | null
  /** The further header with the id of each request, and the names of callers' headers that are read like it; null for none. */
  readonly correlation: { readonly name: string; readonly dropped: DroppedNames } | null
  /** What requests must contain, by route and method. */
  readonly requestRules: RouteRules
  /** Headers of every response of the pipeline, as alternating names and values. */
  readonly responseHeaders: readonly string[]
  readonly responseRules: ResponseRules
  /**
   * The organization and pipeline that a use of shared resources counts for. Versions of a pipeline in one
   * environment share.
   */
  readonly tenant: Tenant
  /** The prefix of this pipeline's rate counters. */
  readonly counterPrefix: string
  /** The `iss` of the environment's own tokens. */
  readonly ownIssuer: string
  /** The values of the identity headers. */
  readonly environmentHeader: string
  readonly pipelineHeader: string
}

const compiled = new WeakMap<DeploymentRecord, CompiledDeployment>()

/** Compiles a deployment, once per record. */
export function compileDeployment(record: DeploymentRecord): CompiledDeployment {
  let known = compiled.get(record)
  if (known === undefined) {
    known = compile(record)
    compiled.set(record, known)
  }
  return known
}

function compile(record: DeploymentRecord): CompiledDeployment {
  const { trigger } = record.spec
  const { deprecation, correlationHeader } = trigger
  // Framing headers and the request id are set by the gateway only.
  const responseHeaders = Object.entries(trigger.responseHeaders).filter(([name]) => {
    const lower = name.toLowerCase()
    return (
      !isFramingHeader(lower) &&
      lower !== 'x-request-id' &&
      // The gate refuses these; they can be in a version that was stored before.
      (trigger.cors === null || !lower.startsWith('access-control-'))
    )
  })
  const replacedHeaders = new Set([
    ...HOP_BY_HOP,
    'x-request-id',
    'x-sallyport-code',
    ...responseHeaders.map(([name]) => name.toLowerCase()),
    ...(deprecation === undefined ? [] : DEPRECATION_HEADERS),
    ...(correlationHeader === undefined ? [] : [correlationHeader]),
  ])
  const requestRules = new RouteRules(trigger)
  const responseRules: ResponseRules = { replacedHeaders, hasCors: trigger.cors !== null }
  const step = compileSteps(record.spec.steps, responseRules)
  return {
    record,
    trigger,
    step,
    readingStep: requestRules.describesBody ? compileSteps(record.spec.steps, responseRules, true) : step,
    cors: trigger.cors === null ? null : compileCors(trigger.cors, trigger),
    correlation:
      correlationHeader === undefined
        ? null
        : { name: correlationHeader, dropped: new DroppedNames([correlationHeader], []) },
    requestRules,
    responseHeaders: [
      ...responseHeaders.flatMap(([name, value]) => (value === null ? [] : [name, value])),
      ...(deprecation === undefined ? [] : deprecationHeaders(deprecation)),
    ],
    responseRules,
    tenant: { organization: record.organization, pipeline: `${record.environment} ${record.pipeline}` },
    // None of the three contains a space, so pipelines never share a counter. Versions of a pipeline do.
    counterPrefix: `${record.organization} ${record.environment} ${record.pipeline} `,
    ownIssuer: environmentIssuer(record.organization, record.environment),
    environmentHeader: headerSafe(record.environment),
    pipelineHeader: headerSafe(record.pipeline),
  }
}
