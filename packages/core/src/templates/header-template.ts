import { isSecretName, secretNameProblem } from './environment-secret.ts'
import type { PathValues } from './url-template.ts'

/*
 * The value of a header for an upstream, with places for what the caller's path said and for secrets. Only three forms
 * are places: `{name}`, `{*}` and `{secrets.NAME}`. A brace that opens none of them is text like any other character,
 * so that a header can hold JSON; there is no way to write a place's own form as text, and nobody has asked for one.
 */

/** A piece of a value: fixed text, a path parameter, `rest` for what a route's `*` matched, or a secret. */
export type HeaderTemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' }
  | { readonly kind: 'secret'; readonly name: string }

export interface HeaderTemplate {
  readonly parts: readonly HeaderTemplatePart[]
}

/** A template, or everything that is wrong with its text, as sentences. */
export type ParsedHeaderTemplate =
  | { readonly template: HeaderTemplate; readonly problems: readonly [] }
  | { readonly template: undefined; readonly problems: readonly string[] }

const PLACE = /\{(?:(\*)|([A-Za-z_][A-Za-z0-9_]{0,63})|secrets\.([^{}]*))\}/g
/** RFC 9110 section 5.5 without obs-text and tabs: no control character, so no line break either. */
const FIELD_TEXT = /^[ -~]*$/
/** What stands in a request's path is visible ASCII; anything else was not percent-encoded. */
const PATH_VALUE = /^[!-~]*$/

/** Reads a header's value. @returns problems where a secret's name cannot be one, or a character cannot be sent */
export function parseHeaderTemplate(text: string): ParsedHeaderTemplate {
  const problems: string[] = []
  const parts: HeaderTemplatePart[] = []
  let end = 0
  const take = (literal: string): void => {
    if (literal === '') return
    if (!FIELD_TEXT.test(literal)) problems.push('A header value is printable ASCII without line breaks.')
    parts.push({ kind: 'text', text: literal })
  }
  for (const match of text.matchAll(PLACE)) {
    take(text.slice(end, match.index))
    end = match.index + match[0].length
    const [, rest, parameter, secret] = match
    if (rest !== undefined) parts.push({ kind: 'rest' })
    else if (parameter !== undefined) parts.push({ kind: 'parameter', name: parameter })
    else if (secret !== undefined && isSecretName(secret)) parts.push({ kind: 'secret', name: secret })
    else problems.push(secretNameProblem(secret ?? ''))
  }
  take(text.slice(end))
  return problems.length > 0 ? { template: undefined, problems } : { template: { parts }, problems: [] }
}

/** The path parameters that a template asks for, each once, in order; `*` for the rest behind a wildcard. */
export function headerTemplateParameters({ parts }: HeaderTemplate): string[] {
  const names = parts.flatMap((part) =>
    part.kind === 'parameter' ? [part.name] : part.kind === 'rest' ? ['*'] : [],
  )
  return [...new Set(names)]
}

/** The secrets that a template asks for, each once, in order. */
export function headerTemplateSecrets({ parts }: HeaderTemplate): string[] {
  return [...new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])))]
}

/**
 * The value for one request.
 *
 * @param values the path parameters as they stood in the request's path, percent-encoded, which is how they are sent
 * @param secrets by name; they are sent as they are
 * @returns undefined when it cannot be made safely: a value is missing, a secret is empty, or one of them has a
 *   character that is not printable ASCII, such as a line break, which would begin another header
 */
export function expandHeaderTemplate(
  { parts }: HeaderTemplate,
  values: PathValues,
  secrets: PathValues,
): string | undefined {
  let text = ''
  for (const part of parts) {
    if (part.kind === 'text') {
      text += part.text
    } else if (part.kind === 'secret') {
      const secret = secrets.get(part.name)
      if (secret === undefined || secret === '' || !FIELD_TEXT.test(secret)) return undefined
      text += secret
    } else {
      const value = values.get(part.kind === 'rest' ? '*' : part.name)
      if (value === undefined || !PATH_VALUE.test(value)) return undefined
      text += value
    }
  }
  return text
}
