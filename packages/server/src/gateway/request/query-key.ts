const NAME = 'apikey'
/** What every token begins with. */
const TOKEN_PREFIX = 'sp_'

/** The values of the query parameter `apikey`, decoded. */
export function readQueryKeys(query: string | null): readonly string[] {
  if (query === null || !mayHoldKey(query)) return NONE
  return query.split('&').flatMap((part) => {
    const [name, value] = splitParameter(part)
    return name === NAME ? [value] : []
  })
}

/**
 * A query without the parameter `apikey`, everything else as it came: no key goes on to an upstream or its logs.
 *
 * @param readsKey whether the trigger reads its key there; if not, the name may be the pipeline's own, and only
 *   what begins like a token goes
 */
export function stripQueryKeys(query: string | null, readsKey: boolean): string | null {
  if (query === null || !mayHoldKey(query)) return query
  const kept = query.split('&').filter((part) => {
    const [name, value] = splitParameter(part)
    return name !== NAME || (!readsKey && !value.startsWith(TOKEN_PREFIX))
  })
  return kept.length === 0 ? null : kept.join('&')
}

/**
 * A query without the parameters of these names, everything else as it came.
 *
 * @param names decoded
 */
export function withoutParameters(query: string | null, names: ReadonlySet<string>): string | null {
  if (query === null || names.size === 0) return query
  const kept = query.split('&').filter((part) => !names.has(splitParameter(part)[0]))
  return kept.length === 0 ? null : kept.join('&')
}

/** The names of a query's parameters, decoded. */
export function parameterNames(query: string): string[] {
  return query === '' ? [] : query.split('&').map((part) => splitParameter(part)[0])
}

const NONE: readonly string[] = []

/** Whether it is worth looking closer: the name is there, or could be in an encoded form. */
function mayHoldKey(query: string): boolean {
  return query.includes(NAME) || query.includes('%')
}

function splitParameter(part: string): [name: string, value: string] {
  const equals = part.indexOf('=')
  return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
}

/** As a form is decoded (WHATWG URL, application/x-www-form-urlencoded); text with broken encoding stays as it is. */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
