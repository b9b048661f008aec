import type { HeaderTemplate } from './header-template.ts'
import type { PathValues, TemplatePart } from './template-part.ts'
import { encodeWhole } from './url-expansion.ts'
import { authorityProblems, pathProblems, type UrlTemplate } from './url-template.ts'

/*
 * The variables of an environment are filled into a template before any request: they are the same for all requests, and
 * the result is checked like text that was written in the template. A value is never expanded again.
 */

/** A template without variables, or a sentence that says why the variables cannot be used. It never shows a value. */
export type BoundTemplate<Template> =
  | { readonly template: Template; readonly problem?: never }
  | { readonly template?: never; readonly problem: string }

// RFC 9110 section 5.5 without obs-text and tabs.
const FIELD_TEXT = /^[ -~]+$/
const VALUE_IN_HOST = /^[\w.:[\]-]+$/

/**
 * Fills variables into the URL of an upstream. In the host and port, a value is used unchanged, and the result must be a
 * valid host with an optional port. In the path and query, every character that is not unreserved is percent-encoded, so
 * that a value cannot add a segment or a parameter.
 */
export function bindUrlVariables(template: UrlTemplate, variables: PathValues): BoundTemplate<UrlTemplate> {
  const { origin, path, query } = template
  const authority = bindParts(template.authority, variables, (value) =>
    VALUE_IN_HOST.test(value) ? value : undefined,
  )
  if (typeof authority === 'string') return { problem: hostProblem(authority, variables) }
  const boundPath = bindParts(path, variables, (value) =>
    value === '.' || value === '..' ? undefined : encodeWhole(value),
  )
  const boundQuery = bindParts(query, variables, encodeWhole)
  if (typeof boundPath === 'string') return { problem: partProblem(boundPath, variables, 'path') }
  if (typeof boundQuery === 'string') return { problem: partProblem(boundQuery, variables, 'query') }
  const authorityText = authority.map((part) => (part.kind === 'text' ? part.text : '')).join('')
  const [problem] = [...authorityProblems(authorityText), ...pathProblems(boundPath)]
  if (problem !== undefined) return { problem: `With the values of the variables: ${problem}` }
  const scheme = origin.slice(0, origin.indexOf('://'))
  return {
    template: { origin: `${scheme}://${authorityText}`, authority, path: boundPath, query: boundQuery },
  }
}

/** Fills variables into the value of a header, unchanged. */
export function bindHeaderVariables(
  { parts }: HeaderTemplate,
  variables: PathValues,
): BoundTemplate<HeaderTemplate> {
  const bound = bindParts(parts, variables, (value) => (FIELD_TEXT.test(value) ? value : undefined))
  if (typeof bound === 'string') return { problem: partProblem(bound, variables, 'header') }
  return { template: { parts: bound } }
}

/** The parts with text instead of variables, or the name of the first variable that cannot be used. */
function bindParts(
  parts: readonly TemplatePart[],
  variables: PathValues,
  encode: (value: string) => string | undefined,
): readonly TemplatePart[] | string {
  const bound: TemplatePart[] = []
  for (const part of parts) {
    const last = bound.at(-1)
    let text: string | undefined
    if (part.kind === 'text') text = part.text
    else if (part.kind === 'variable') {
      const value = variables.get(part.name)
      text = value === undefined ? undefined : encode(value)
      if (text === undefined) return part.name
    }
    if (text === undefined) bound.push(part)
    else if (last?.kind === 'text') bound[bound.length - 1] = { kind: 'text', text: last.text + text }
    else bound.push({ kind: 'text', text })
  }
  return bound
}

function hostProblem(name: string, variables: PathValues): string {
  const value = variables.get(name)
  if (value === undefined) return missing(name)
  return value.includes('/')
    ? `The variable "${name}" is used as a host, but its value contains a "/": use one variable for the host and another one for the path.`
    : `The variable "${name}" is used as a host or port, but its value has a character that these cannot have.`
}

function partProblem(name: string, variables: PathValues, place: 'path' | 'query' | 'header'): string {
  return variables.get(name) === undefined
    ? missing(name)
    : `The value of the variable "${name}" cannot be sent in a ${place}.`
}

function missing(name: string): string {
  return `The variable "${name}" does not exist.`
}
