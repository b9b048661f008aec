import { environmentIssuer, type DeploymentRecord, type Trigger } from '@sallyport/core'
import { compileCors, type CompiledCors } from '../headers/cors.ts'
import { compileSteps, type CompiledStep } from './compiled-step.ts'
import { HOP_BY_HOP, isFramingHeader } from '../headers/hop-by-hop.ts'
import { headerSafe } from '../headers/header-value.ts'
import type { AnswerRules } from '../message/rendered-answer.ts'

/** A deployment with everything worked out that is the same for each of its requests. */
export interface CompiledDeployment {
  readonly record: DeploymentRecord
  readonly trigger: Trigger
  readonly step: CompiledStep
  readonly cors: CompiledCors | null
  /** Names and values in turn, for every answer of the pipeline. */
  readonly responseHeaders: readonly string[]
  /** Which headers of an upstream or a step do not go on to the caller: the pipeline's stand in their place. */
  readonly answerRules: AnswerRules
  /** What goes in front of a caller's name to make the name of a rate counter. */
  readonly counterPrefix: string
  /** What is in `iss` of the environment's own tokens. */
  readonly ownIssuer: string
  /** Header values that say which environment and pipeline this is. */
  readonly environmentHeader: string
  readonly pipelineHeader: string
}

const compiled = new WeakMap<DeploymentRecord, CompiledDeployment>()

/** A deployment's compiled form: made on first use, gone with its record. */
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
  // The message's framing and the request's id are ours to say.
  const answered = Object.entries(trigger.responseHeaders).filter(([name]) => {
    const lower = name.toLowerCase()
    return !isFramingHeader(lower) && lower !== 'x-request-id'
  })
  const replacedHeaders = new Set([
    ...HOP_BY_HOP,
    'x-request-id',
    'x-sallyport-code',
    ...answered.map(([name]) => name.toLowerCase()),
  ])
  const answerRules: AnswerRules = { replacedHeaders, hasCors: trigger.cors !== null }
  return {
    record,
    trigger,
    step: compileSteps(record.spec.steps, answerRules),
    cors: trigger.cors === null ? null : compileCors(trigger.cors, trigger),
    responseHeaders: answered.flat(),
    answerRules,
    // A space is in none of the three, so no two pipelines share a counter; a new version goes on counting.
    counterPrefix: `${record.organization} ${record.environment} ${record.pipeline} `,
    ownIssuer: environmentIssuer(record.organization, record.environment),
    environmentHeader: headerSafe(record.environment),
    pipelineHeader: headerSafe(record.pipeline),
  }
}
