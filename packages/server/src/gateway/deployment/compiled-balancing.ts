import {
  BALANCE_DEFAULT,
  bindUrlVariables,
  parseUrlTemplate,
  urlTemplateVariables,
  type PathValues,
  type UpstreamOptions,
  type UrlTemplate,
} from '@sallyport/core'
import type { BalancedTarget, Balancing } from '../balance/balancing.ts'

/** The targets and time limits of a step, with the origins of the targets parsed. */
export interface CompiledBalancing {
  readonly usesVariables: boolean
  /**
   * @param urlOrigin the origin of the step's URL, which is the only target if none are listed
   * @param variables of the environment; not needed if none are used
   * @returns a sentence if a variable cannot be used
   */
  readonly bind: (urlOrigin: string, variables: PathValues) => Balancing | string
}

/**
 * @param place distinguishes the steps of a pipeline
 * @returns null for a step that needs no balancing, and the problems of an invalid one
 */
export function compileBalancing(step: UpstreamOptions, place: string): CompiledBalancing | null | string {
  const { targets = [], balance = BALANCE_DEFAULT } = step
  const { connectTimeoutMs = null, firstByteTimeoutMs = null } = step
  if (targets.length === 0 && connectTimeoutMs === null && firstByteTimeoutMs === null) return null
  const templates: UrlTemplate[] = []
  for (const { origin } of targets) {
    const { template, problems } = parseUrlTemplate(origin)
    if (template === undefined) return problems.join(' ')
    templates.push(template)
  }
  const { retryMethods, health = null, ...rules } = balance
  const common = {
    ...rules,
    place,
    retryMethods: new Set(retryMethods),
    health,
    tls: step.tls ?? null,
    connectTimeoutMs,
    firstByteTimeoutMs,
  }
  return {
    usesVariables: templates.some((template) => urlTemplateVariables(template).length > 0),
    bind(urlOrigin, variables) {
      const bound: BalancedTarget[] = []
      for (const [index, target] of targets.entries()) {
        const parsed = templates[index]
        if (parsed === undefined) continue
        const { template, problem } = bindUrlVariables(parsed, variables)
        if (template === undefined) return problem
        bound.push({ ...target, origin: template.origin })
      }
      const only = { origin: urlOrigin, weight: 1, when: null, isBackup: false }
      return { ...common, targets: bound.length === 0 ? [only] : bound }
    },
  }
}
