import {
  bindHeaderVariables,
  expandHeaderTemplate,
  headerTemplateSecrets,
  headerTemplateVariables,
  parseHeaderTemplate,
  ruleTemplates,
  type HeaderChoice,
  type HeaderRule,
  type HeaderTemplate,
  type PathValues,
} from '@sallyport/core'
import { droppedHeaders, type DroppedHeaders } from '../headers/dropped-headers.ts'
import { isFramingHeader } from '../headers/hop-by-hop.ts'
import { VALUE_CHARS_MAX, type RunValues } from './run-values.ts'

/** The lines that a step sends under one name. */
type CompiledRule =
  | { readonly name: string; readonly templates: readonly HeaderTemplate[] }
  | {
      readonly name: string
      readonly by: HeaderChoice['by']
      readonly values: ReadonlyMap<string, HeaderTemplate>
      readonly otherwise: HeaderTemplate | null
    }

/** Headers of the caller that pass under another name. */
export interface Renames {
  /** The name at the upstream, by the name of the caller's header in lower case. */
  readonly names: ReadonlyMap<string, string>
  /** The headers that pass under no name. */
  readonly dropped: DroppedHeaders
}

/** The rules for the headers of a step, parsed. */
export interface CompiledHeaders {
  readonly rules: readonly CompiledRule[]
  /** The caller's headers that are not forwarded under their own name, including those that the step sets. */
  readonly dropped: DroppedHeaders
  readonly renames: Renames | null
}

/**
 * @param restated names, in lower case, of headers that the gateway states for this step
 * @returns a string with the problems if a rule is invalid, which the deployment gate should have refused
 */
export function compileHeaders(
  headers: Readonly<Record<string, HeaderRule>>,
  restated: readonly string[] = [],
): CompiledHeaders | string {
  const rules: CompiledRule[] = []
  const replaced: string[] = [...restated]
  const renamed = new Map<string, string>()
  for (const [name, rule] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (isFramingHeader(lower) || lower === 'host') continue
    const problems = ruleTemplates(rule).flatMap(({ text }) => parseHeaderTemplate(text).problems)
    if (problems.length > 0) return problems.join(' ')
    if (rule === null || typeof rule === 'string' || !('append' in rule)) replaced.push(lower)
    if (rule === null) continue
    if (typeof rule === 'string') rules.push({ name, templates: parsed([rule]) })
    else if ('append' in rule) rules.push({ name, templates: parsed(rule.append) })
    else if ('from' in rule) {
      replaced.push(rule.from.toLowerCase())
      renamed.set(rule.from.toLowerCase(), name)
    } else rules.push(compileChoice(name, rule))
  }
  const renames = renamed.size === 0 ? null : { names: renamed, dropped: droppedHeaders([]) }
  return { rules, dropped: droppedHeaders(replaced), renames }
}

function compileChoice(name: string, { by, values, otherwise }: HeaderChoice): CompiledRule {
  const templates = Object.entries(values).flatMap(([value, text]) =>
    parsed([text]).map((template) => [value, template] as const),
  )
  return { name, by, values: new Map(templates), otherwise: parsed([otherwise ?? []].flat())[0] ?? null }
}

function parsed(texts: readonly string[]): HeaderTemplate[] {
  return texts.flatMap((text) => parseHeaderTemplate(text).template ?? [])
}

function templatesOf(rule: CompiledRule): readonly HeaderTemplate[] {
  if ('templates' in rule) return rule.templates
  return [...rule.values.values(), ...(rule.otherwise === null ? [] : [rule.otherwise])]
}

/** The names of the secrets in the rules. */
export function headerSecrets(rules: readonly CompiledRule[]): string[] {
  return rules.flatMap((rule) => templatesOf(rule).flatMap(headerTemplateSecrets))
}

/** Whether a rule has a variable. */
export function haveVariables(rules: readonly CompiledRule[]): boolean {
  return rules.some((rule) =>
    templatesOf(rule).some((template) => headerTemplateVariables(template).length > 0),
  )
}

/** Whether every request has the same lines. */
export function areFixed(rules: readonly CompiledRule[]): boolean {
  return rules.every(
    (rule) =>
      'templates' in rule && rule.templates.every(({ parts }) => parts.every(({ kind }) => kind === 'text')),
  )
}

/** The rules with the variables of an environment, or a sentence about one that cannot be used. */
export function bindRules(rules: readonly CompiledRule[], variables: PathValues): CompiledRule[] | string {
  let problem: string | undefined
  const bind = (template: HeaderTemplate): HeaderTemplate => {
    const bound = bindHeaderVariables(template, variables)
    problem ??= bound.problem
    return bound.template ?? template
  }
  const bound = rules.map((rule): CompiledRule => {
    if ('templates' in rule) return { ...rule, templates: rule.templates.map(bind) }
    const values = new Map([...rule.values].map(([value, template]) => [value, bind(template)]))
    return { ...rule, values, otherwise: rule.otherwise === null ? null : bind(rule.otherwise) }
  })
  return problem ?? bound
}

/** The lines for one request, as alternating names and values; undefined if a value is unsafe or missing. */
export function expandRules(
  rules: readonly CompiledRule[],
  values: PathValues,
  secrets: PathValues,
  run: RunValues,
): string[] | undefined {
  const lines: string[] = []
  for (const rule of rules) {
    for (const template of 'templates' in rule ? rule.templates : chosen(rule, run)) {
      const caller = callerValuesOf(template, run)
      if (caller === 'too_long') return undefined
      // A caller without this value has no such header.
      if (caller === 'missing') continue
      const value = expandHeaderTemplate(template, values, secrets, run)
      if (value === undefined) return undefined
      lines.push(rule.name, value)
    }
  }
  return lines
}

function chosen(
  rule: Exclude<CompiledRule, { readonly templates: unknown }>,
  run: RunValues,
): readonly HeaderTemplate[] {
  const value = run[rule.by]
  const template = (value === null ? undefined : rule.values.get(value)) ?? rule.otherwise
  return template === null ? [] : [template]
}

function callerValuesOf({ parts }: HeaderTemplate, run: RunValues): 'there' | 'missing' | 'too_long' {
  for (const part of parts) {
    if (part.kind !== 'run' || part.name === 'oauth.token') continue
    const value = run.get(part.name)
    if (value === undefined) return 'missing'
    if (value.length > VALUE_CHARS_MAX) return 'too_long'
  }
  return 'there'
}
