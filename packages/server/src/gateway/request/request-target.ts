/** The maximum length of a request target, path and query together. */
export const TARGET_CHARS_MAX = 8192

/** A request's path and query as received, still percent-encoded. */
export interface RequestTarget {
  readonly path: string
  /** Without the `?`; null without a query, which differs from an empty one. */
  readonly query: string | null
}

/** Why a request is invalid, as a sentence for the caller. */
export interface RequestProblem {
  readonly problem: string
}

/** Paths that every server reads alike: unreserved characters, sub-delimiters, ":" and "@" (RFC 3986 section 3.3). */
const PLAIN_PATH = /^[A-Za-z0-9/_~!$&'()*+,;=:@.-]+$/
/** A target contains only visible ASCII; "#" starts a fragment, which is never sent (RFC 9110 section 7.1). */
const VISIBLE = /^[!"$-~]*$/
const DOT_SEGMENT = /^\.\.?(;|$)/
const CONTROL = /[\u0000-\u001f\u007f]/

/**
 * Parses a request target in origin form (RFC 9112 section 3.2.1). Refuses paths that two servers could read
 * differently: dot segments, encoded or not, backslashes, control characters, broken percent-encoding.
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
  if (!PLAIN_PATH.test(path) || path.includes('/.')) {
    const problem = pathProblem(path)
    if (problem !== undefined) return { problem }
  }
  if (query !== null && !VISIBLE.test(query)) {
    return { problem: 'The query has a character that must be percent-encoded.' }
  }
  return { path, query }
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

function pathProblem(path: string): string | undefined {
  if (!VISIBLE.test(path)) return 'The path has a character that must be percent-encoded.'
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return 'The path has invalid percent-encoding. Encode a literal "%" as "%25".'
  }
  if (decoded.includes('\\')) return 'The path contains a backslash. Use "/" between segments.'
  if (CONTROL.test(decoded)) return 'The path contains a control character. Remove it.'
  // An encoded slash stays within its segment here, but an upstream that decodes it would see dot segments.
  // Servlet containers cut ";…" off a segment before they interpret its dots.
  if (decoded.split('/').some((segment) => DOT_SEGMENT.test(segment))) {
    return 'The path contains a "." or ".." segment. Send the resolved path.'
  }
  return undefined
}
