import { isSecretName, secretNameProblem } from './environment-secret.ts'
import { isVariableName, variableNameProblem } from './environment-variable.ts'
import {
  parameterNames,
  type PathValues,
  type RunValueName,
  runValueNames,
  secretNames,
  type TemplatePart,
  valueName,
  variableNames,
  WHOLE_PATH,
} from './template-part.ts'

/*
 * The value of a header for an upstream, with placeholders. Only `{name}`, `{*}`, `{secrets.NAME}`, `{vars.NAME}`,
 * `{oauth.token}`, `{auth.consumer}` and its like, and `{auth.claims.NAME}` are placeholders. Any other brace is text, so that a header can hold JSON; a placeholder's own form
 * cannot be written as text.
 */

/** The value of a header, parsed. */
export interface HeaderTemplate {
  readonly parts: readonly TemplatePart[]
}

/** A parsed template, or a sentence for each problem in its text. */
export type ParsedHeaderTemplate =
  | { readonly template: HeaderTemplate; readonly problems: readonly [] }
  | { readonly template: undefined; readonly problems: readonly string[] }

const NO_VALUES: PathValues = new Map<string, string>()
const PLACEHOLDER =
  /\{(?:(\*)|([A-Za-z_][A-Za-z0-9_]{0,63})|(secrets|vars)\.([^{}]*)|(oauth\.token|auth\.(?:organization|consumer|consumerId|key|claims\.[^{}]{1,100})))\}/g
/** What looks like a value of the run and is none. */
const MISTAKEN = /\{(?:oauth|auth)\.[^{}]*\}/g
/** RFC 9110 section 5.5 without obs-text and tabs: no control characters, so no line breaks either. */
const FIELD_TEXT = /^[ -~]*$/
/** The characters of a request's path are visible ASCII; anything else was not percent-encoded. */
const PATH_VALUE = /^[!-~]*$/

/** Parses the value of a header. It reports invalid names of secrets and variables, and characters that a header cannot have. */
export function parseHeaderTemplate(text: string): ParsedHeaderTemplate {
  const problems: string[] = []
  const parts: TemplatePart[] = []
  let end = 0
  const addText = (literal: string): void => {
    if (literal === '') return
    if (!FIELD_TEXT.test(literal)) {
      problems.push(
        'The header value has a character that cannot be sent: use printable ASCII without line breaks.',
      )
    }
    parts.push({ kind: 'text', text: literal })
  }
  for (const match of text.matchAll(PLACEHOLDER)) {
    addText(text.slice(end, match.index))
    end = match.index + match[0].length
    const [, rest, parameter, family, name = '', run] = match
    if (rest !== undefined) parts.push({ kind: 'rest' })
    else if (parameter === WHOLE_PATH) parts.push({ kind: 'path' })
    else if (parameter !== undefined) parts.push({ kind: 'parameter', name: parameter })
    else if (run !== undefined) parts.push({ kind: 'run', name: run as RunValueName })
    else if (family === 'vars') {
      if (isVariableName(name)) parts.push({ kind: 'variable', name })
      else problems.push(variableNameProblem(name))
    } else if (isSecretName(name)) parts.push({ kind: 'secret', name })
    else problems.push(secretNameProblem(name))
  }
  addText(text.slice(end))
  return problems.length > 0 ? { template: undefined, problems } : { template: { parts }, problems: [] }
}

/**
 * The texts in a header's value that look like placeholders for a value of the run and are none, so that they would be
 * sent as they are, which specs saved before those placeholders existed may mean.
 */
export function mistakenPlaceholders(text: string): string[] {
  return [...text.matchAll(MISTAKEN)]
    .map(([found]) => found)
    .filter((found) => found.search(PLACEHOLDER) === -1)
}

/** The names of the path parameters in a template, without repetitions, in order; `*` for `{*}`. */
export function headerTemplateParameters({ parts }: HeaderTemplate): string[] {
  return parameterNames(parts)
}

/** The names of the secrets in a template, without repetitions, in order. */
export function headerTemplateSecrets({ parts }: HeaderTemplate): string[] {
  return secretNames(parts)
}

/** The names of the values of a run in a template, without repetitions, in order. */
export function headerTemplateRunValues({ parts }: HeaderTemplate): RunValueName[] {
  return runValueNames(parts)
}

/** The names of the variables in a template, without repetitions, in order. */
export function headerTemplateVariables({ parts }: HeaderTemplate): string[] {
  return variableNames(parts)
}

/**
 * Fills in a template for one request.
 *
 * @param values the path parameters, percent-encoded as in the request's path; they are sent in this form
 * @param secrets the secrets in clear text; they are sent unchanged
 * @param runValues the values of the run; they are sent unchanged
 * @returns undefined when no safe value exists: a placeholder has no value, a secret is empty, or a value has a character
 *   that is not printable ASCII, such as a line break that would start another header. Also undefined for a template with
 *   variables, which `bindHeaderVariables` fills in first
 */
export function expandHeaderTemplate(
  { parts }: HeaderTemplate,
  values: PathValues,
  secrets: PathValues,
  runValues: PathValues = NO_VALUES,
): string | undefined {
  let text = ''
  for (const part of parts) {
    if (part.kind === 'text') {
      text += part.text
    } else if (part.kind === 'variable') {
      return undefined
    } else if (part.kind === 'secret' || part.kind === 'run') {
      const value = (part.kind === 'secret' ? secrets : runValues).get(part.name)
      if (value === undefined || !FIELD_TEXT.test(value)) return undefined
      if (value === '' && part.kind === 'secret') return undefined
      text += value
    } else {
      const value = values.get(valueName(part) ?? '')
      if (value === undefined || !PATH_VALUE.test(value)) return undefined
      text += value
    }
  }
  return text
}
