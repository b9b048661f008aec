import { hasDotSegment } from './path-readings.ts'
import { isSecretName, secretNameProblem } from './environment-secret.ts'

/*
 * The URL of an upstream, with places for what the caller's path said and for secrets. The template's author chooses
 * scheme, host and port; a value fills a place in the path or the query and can never reach beyond it.
 */

/** The most characters of a template. */
export const URL_TEMPLATE_CHARS_MAX = 2048

/** A piece of a template: fixed text, a path parameter, `rest` for what a route's `*` matched, or a secret. */
export type UrlTemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' }
  | { readonly kind: 'secret'; readonly name: string }

export interface UrlTemplate {
  /** Scheme, host and port, as they were written; nothing a caller sends has a part in it. */
  readonly origin: string
  /** Starts with `/`. */
  readonly path: readonly UrlTemplatePart[]
  /** Without the `?`; empty where there is none. */
  readonly query: readonly UrlTemplatePart[]
}

/** What fills a template's places, by name: undefined for a name that there is none of. A `Map` is one. */
export interface PathValues {
  get(name: string): string | undefined
}

/** A template, or everything that is wrong with its text, as sentences. */
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
// The characters of RFC 3986 that may stand in a path or a query, escapes included.
const TEXT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/
const WRONG_CHARACTER = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/u

/** Reads a template: `http` or `https`, a host, and `{name}`, `{*}` and `{secrets.NAME}` in path and query. */
export function parseUrlTemplate(text: string): ParsedUrlTemplate {
  if (text.length > URL_TEMPLATE_CHARS_MAX) {
    return failed([`A URL has at most ${URL_TEMPLATE_CHARS_MAX} characters.`])
  }
  const match = SPLIT.exec(text)
  if (match === null) return failed(['A URL starts with "http://" or "https://" and a host.'])
  const [, scheme = '', authority = '', pathText = '', queryText = '', fragment] = match
  const problems = authorityProblems(authority)
  if (fragment !== undefined) problems.push('A URL of an upstream has no "#" part: it would never be sent.')
  const path = parseParts(pathText === '' ? '/' : pathText, problems)
  const query = parseParts(queryText, problems)
  problems.push(...pathProblems(path))
  if (query.some((part) => part.kind === 'rest')) problems.push('"{*}" stands in the path, not in the query.')
  if (problems.length > 0) return failed(problems)
  return { template: { origin: `${scheme}://${authority}`, path, query }, problems: [] }
}

/** The path parameters that a template asks for, each once, in order; `*` for the rest behind a wildcard. */
export function urlTemplateParameters(template: UrlTemplate): string[] {
  const names = [...template.path, ...template.query].flatMap((part) =>
    part.kind === 'parameter' ? [part.name] : part.kind === 'rest' ? ['*'] : [],
  )
  return [...new Set(names)]
}

/** The secrets that a template asks for, each once, in order. */
export function urlTemplateSecrets(template: UrlTemplate): string[] {
  const parts = [...template.path, ...template.query]
  return [...new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])))]
}

function failed(problems: readonly string[]): ParsedUrlTemplate {
  return { template: undefined, problems }
}

function authorityProblems(authority: string): string[] {
  if (authority.includes('@')) return ['A URL has no user name or password: send a credential in a header.']
  if (/[{}]/.test(authority)) return ['The host and port of a URL are fixed: no "{…}" stands in them.']
  const match = AUTHORITY.exec(authority)
  const host = match?.[1] ?? ''
  const port = match?.[2]
  const problems: string[] = []
  if (!isHost(host)) problems.push('What follows "//" is not a host with an optional port.')
  if (port !== undefined && (Number(port) < 1 || Number(port) > PORT_MAX)) {
    problems.push(`A port is 1 to ${PORT_MAX}.`)
  }
  return problems
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return IPV6_HOST.test(host)
  return host.length <= HOST_CHARS_MAX && host.split('.').every((label) => HOST_LABEL.test(label))
}

/** Splits text at its `{…}`, and adds to `problems` what is wrong with them and with the text between them. */
function parseParts(text: string, problems: string[]): UrlTemplatePart[] {
  const parts: UrlTemplatePart[] = []
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^{}]+|[{}]/g)) {
    const name = piece.startsWith('{') && piece.endsWith('}') ? piece.slice(1, -1) : undefined
    if (name === undefined) {
      if (TEXT.test(piece)) parts.push({ kind: 'text', text: piece })
      else problems.push(textProblem(piece))
    } else if (name === '*') parts.push({ kind: 'rest' })
    else if (PARAMETER.test(name)) parts.push({ kind: 'parameter', name })
    else if (name.startsWith(SECRET_PREFIX)) {
      const secret = name.slice(SECRET_PREFIX.length)
      if (isSecretName(secret)) parts.push({ kind: 'secret', name: secret })
      else problems.push(secretNameProblem(secret))
    } else problems.push(`"{${printable(name)}}" is not a place: write {name}, {*} or {secrets.NAME}.`)
  }
  return parts
}

function textProblem(piece: string): string {
  if (piece === '{' || piece === '}') {
    return `A "${piece}" stands alone: write it as ${piece === '{' ? '%7B' : '%7D'}.`
  }
  // Only the character is named: the text around it can be a credential.
  const character = WRONG_CHARACTER.exec(piece)?.[0] ?? ''
  return `The character "${printable(character)}" must be written as %XX in a URL.`
}

function pathProblems(path: readonly UrlTemplatePart[]): string[] {
  const problems: string[] = []
  for (const [index, part] of path.entries()) {
    if (part.kind !== 'rest') continue
    const before = path[index - 1]
    const after = path[index + 1]
    const opens = before?.kind === 'text' && before.text.endsWith('/')
    const closes = after === undefined || (after.kind === 'text' && after.text.startsWith('/'))
    if (!opens || !closes) problems.push('"{*}" stands for whole segments: put it between two "/".')
  }
  // A place stands for at least one character, so a dot beside one is no dot segment yet.
  const filled = path.map((part) => (part.kind === 'text' ? part.text : 'x')).join('')
  if (hasDotSegment(filled)) problems.push('A path has no "." or ".." segment.')
  return problems
}

/** At most a few characters of somebody's text, with nothing in it that does not print. */
function printable(text: string): string {
  const shown = text.slice(0, 64).replace(/[^\x20-\x7e]/g, '�')
  return text.length > 64 ? `${shown}…` : shown
}
