import { isPlainPath, readRequestPath, type PathForm } from '@sallyport/core'

/** The maximum length of a request target, path and query together. */
export const TARGET_CHARS_MAX = 8192

/** A request's path in canonical form and its query as received, still percent-encoded. */
export interface RequestTarget {
  readonly path: string
  /** How other servers could read the path. */
  readonly form: PathForm
  /** Without the `?`; null without a query, which differs from an empty one. */
  readonly query: string | null
}

/** Why a request is invalid, as a sentence for the caller. */
export interface RequestProblem {
  readonly problem: string
}

/** A query contains only visible ASCII; "#" starts a fragment, which is never sent (RFC 9110 section 7.1). */
const VISIBLE = /^[!"$-~]*$/

/**
 * Parses a request target in origin form (RFC 9112 section 3.2.1). Refuses paths that two servers could read
 * differently, see core's `readRequestPath`. Encoded slashes and variants of other routes are left to `findRoute`.
 */
export function parseRequestTarget(target: string): RequestTarget | RequestProblem {
  if (target.length > TARGET_CHARS_MAX) {
    return {
      problem: `The request target has more than ${TARGET_CHARS_MAX} characters. Shorten the path or the query.`,
    }
  }
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const query = question < 0 ? null : target.slice(question + 1)
  if (!path.startsWith('/')) return { problem: 'The request target must start with "/".' }
  if (query !== null && !VISIBLE.test(query)) {
    return { problem: 'The query has a character that must be percent-encoded.' }
  }
  if (isPlainPath(path)) return { path, form: 'plain', query }
  const read = readRequestPath(path)
  return read.path === undefined ? { problem: read.problem } : { path: read.path, form: read.form, query }
}

/**
 * Converts a target in absolute form (RFC 9112 section 3.2.2) to origin form if its host equals `Host`. Returns any
 * other target unchanged, so that `parseRequestTarget` refuses one with a different host.
 */
export function withoutAuthority(target: string, host: string | undefined): string {
  if (target.startsWith('/') || host === undefined || host === '') return target
  for (const scheme of ['http://', 'https://']) {
    const prefix = scheme + host
    if (target.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()) {
      const rest = target.slice(prefix.length)
      return rest === '' || rest.startsWith('?') ? `/${rest}` : rest
    }
  }
  return target
}
