import { isSecretName, secretNameProblem } from './environment-secret.ts'
import { isVariableName, variableNameProblem } from './environment-variable.ts'
import { mayHaveDotSegment, mayStartWithHost } from '../paths/path-confusion.ts'
import { parameterNames, secretNames, variableNames, WHOLE_PATH, type TemplatePart } from './template-part.ts'

/*
 * The URL of an upstream, with placeholders. The template fixes the scheme, and the environment its host and port: only
 * variables can be part of them. Path parameters and secrets fill a place in the path or query and cannot change anything
 * else.
 */

/** The most characters of a template. */
export const URL_TEMPLATE_CHARS_MAX = 2048

/** The URL of an upstream, parsed. */
export interface UrlTemplate {
  /** Scheme, host and port; never derived from a request. Has the text `{vars.NAME}` where `authority` has variables. */
  readonly origin: string
  /** Host and port: text and variables. */
  readonly authority: readonly TemplatePart[]
  /** Starts with `/`. */
  readonly path: readonly TemplatePart[]
  /** Without the `?`; empty without a query. */
  readonly query: readonly TemplatePart[]
}

/** A parsed template, or a sentence for each problem in its text. */
export type ParsedUrlTemplate =
  | { readonly template: UrlTemplate; readonly problems: readonly [] }
  | { readonly template: undefined; readonly problems: readonly string[] }

const SPLIT = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/
const HOST_LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/
const HOST_CHARS_MAX = 253
const IPV6_HOST = /^\[[0-9A-Fa-f:.]{2,45}\]$/
const AUTHORITY = /^(\[[^\]]*\]|[^:[\]]*)(?::([0-9]{1,5}))?$/
const PORT_MAX = 65_535
const PARAMETER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const SECRET_PREFIX = 'secrets.'
const VARIABLE_PREFIX = 'vars.'
const VARIABLE = /\{vars\.([A-Z][A-Z0-9_]{0,63})\}/g
/** Valid as a host, as a port, and between brackets. */
const VARIABLE_SAMPLE = '11'
// The characters that RFC 3986 allows in a path or query, escapes included.
const TEXT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/
const WRONG_CHARACTER = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/u

/** Parses a template: `http` or `https`, a host, `{name}`, `{*}` and `{secrets.NAME}` in path and query, and `{vars.NAME}` after the scheme. */
export function parseUrlTemplate(text: string): ParsedUrlTemplate {
  if (text.length > URL_TEMPLATE_CHARS_MAX) {
    return failed([`Shorten the URL to at most ${URL_TEMPLATE_CHARS_MAX} characters.`])
  }
  const match = SPLIT.exec(text)
  if (match === null) return failed(['The URL must start with "http://" or "https://" and a host.'])
  const [, scheme = '', authority = '', pathText = '', queryText = '', fragment] = match
  // Any valid values of the variables do here; their own values are checked when they are filled in.
  const problems = authorityProblems(authority.replace(VARIABLE, VARIABLE_SAMPLE))
  if (fragment !== undefined)
    problems.push('The URL has a "#" part, which is never sent to an upstream: remove it.')
  const path = parseParts(pathText === '' ? '/' : pathText, problems)
  const query = parseParts(queryText, problems)
  problems.push(...pathProblems(path))
  if (query.some((part) => part.kind === 'rest')) problems.push('Use "{*}" in the path, not in the query.')
  if (problems.length > 0) return failed(problems)
  const template = {
    origin: `${scheme}://${authority}`,
    authority: authorityParts(authority),
    path,
    query,
  }
  return { template, problems: [] }
}

/** The names of the path parameters in a template, without repetitions, in order; `*` for `{*}`. */
export function urlTemplateParameters({ path, query }: UrlTemplate): string[] {
  return parameterNames([...path, ...query])
}

/** The names of the secrets in a template, without repetitions, in order. */
export function urlTemplateSecrets({ path, query }: UrlTemplate): string[] {
  return secretNames([...path, ...query])
}

/** The names of the variables in a template, without repetitions, in order. */
export function urlTemplateVariables({ authority, path, query }: UrlTemplate): string[] {
  return variableNames([...authority, ...path, ...query])
}

function failed(problems: readonly string[]): ParsedUrlTemplate {
  return { template: undefined, problems }
}

function authorityParts(authority: string): TemplatePart[] {
  const parts: TemplatePart[] = []
  let end = 0
  const addText = (text: string): void => {
    if (text !== '') parts.push({ kind: 'text', text })
  }
  for (const match of authority.matchAll(VARIABLE)) {
    addText(authority.slice(end, match.index))
    end = match.index + match[0].length
    parts.push({ kind: 'variable', name: match[1] ?? '' })
  }
  addText(authority.slice(end))
  return parts
}

/** The problems of a host with an optional port, without placeholders. */
export function authorityProblems(authority: string): string[] {
  if (authority.includes('@'))
    return ['The URL has a user name or password: remove it, and send credentials in a header.']
  if (/[{}]/.test(authority))
    return [
      'The host and port must be fixed for an environment: use only {vars.NAME} in them, with a NAME of A-Z, 0-9 and "_".',
    ]
  const match = AUTHORITY.exec(authority)
  const host = match?.[1] ?? ''
  const port = match?.[2]
  const problems: string[] = []
  if (!isHost(host))
    problems.push('The text after "//" is not a host: use a host name or IP address with an optional port.')
  if (port !== undefined && (Number(port) < 1 || Number(port) > PORT_MAX)) {
    problems.push(`Use a port from 1 to ${PORT_MAX}.`)
  }
  return problems
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return IPV6_HOST.test(host)
  return host.length <= HOST_CHARS_MAX && host.split('.').every((label) => HOST_LABEL.test(label))
}

/** Splits text at its placeholders, and adds a sentence to `problems` for each invalid piece. */
function parseParts(text: string, problems: string[]): TemplatePart[] {
  const parts: TemplatePart[] = []
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^{}]+|[{}]/g)) {
    const name = piece.startsWith('{') && piece.endsWith('}') ? piece.slice(1, -1) : undefined
    if (name === undefined) {
      if (TEXT.test(piece)) parts.push({ kind: 'text', text: piece })
      else problems.push(textProblem(piece))
    } else if (name === '*') parts.push({ kind: 'rest' })
    else if (name === WHOLE_PATH) parts.push({ kind: 'path' })
    else if (PARAMETER.test(name)) parts.push({ kind: 'parameter', name })
    else if (name.startsWith(SECRET_PREFIX)) {
      const secret = name.slice(SECRET_PREFIX.length)
      if (isSecretName(secret)) parts.push({ kind: 'secret', name: secret })
      else problems.push(secretNameProblem(secret))
    } else if (name.startsWith(VARIABLE_PREFIX)) {
      const variable = name.slice(VARIABLE_PREFIX.length)
      if (isVariableName(variable)) parts.push({ kind: 'variable', name: variable })
      else problems.push(variableNameProblem(variable))
    } else
      problems.push(
        `"{${printable(name)}}" is not a placeholder: use {name}, {*}, {secrets.NAME} or {vars.NAME}.`,
      )
  }
  return parts
}

function textProblem(piece: string): string {
  if (piece === '{' || piece === '}') {
    return `A "${piece}" is unmatched: write it as ${piece === '{' ? '%7B' : '%7D'}.`
  }
  // The sentence shows only the character, because the text around it can be a credential.
  const character = WRONG_CHARACTER.exec(piece)?.[0] ?? ''
  return `The character "${printable(character)}" is not allowed in a URL: write it as %XX.`
}

/** The problems of a path, in which each placeholder stands for at least one character. */
export function pathProblems(path: readonly TemplatePart[]): string[] {
  const problems: string[] = []
  for (const [index, part] of path.entries()) {
    if (part.kind !== 'rest') continue
    const before = path[index - 1]
    const after = path[index + 1]
    const opens = before?.kind === 'text' && before.text.endsWith('/')
    const closes = after === undefined || (after.kind === 'text' && after.text.startsWith('/'))
    if (!opens || !closes)
      problems.push('"{*}" stands for whole segments: write "/" before it, and "/" or nothing after it.')
  }
  // A placeholder stands for at least one character, so a dot beside one is not a dot segment yet.
  const filled = path.map((part) => (part.kind === 'text' ? part.text : 'x')).join('')
  if (mayHaveDotSegment(filled)) problems.push('The path has a "." or ".." segment: remove it.')
  // Plain slashes are the developer's own choice. No request is ever sent with encoded ones: see `expandUrlTemplate`.
  if (!filled.startsWith('//') && mayStartWithHost(filled))
    problems.push('The path starts with two slashes, of which one is encoded: remove the encoded one.')
  return problems
}

/** At most 64 characters of a text, with every unprintable character replaced. */
function printable(text: string): string {
  const shown = text.slice(0, 64).replace(/[^\x20-\x7e]/g, '�')
  return text.length > 64 ? `${shown}…` : shown
}
