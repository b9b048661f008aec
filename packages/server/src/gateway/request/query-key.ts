const NAME = 'apikey'
/** The prefix of every token. */
const TOKEN_PREFIX = 'sp_'

/** The values of the query parameter `apikey`, decoded. */
export function readQueryKeys(query: string | null): readonly string[] {
  if (query === null) return NO_KEYS
  return query.split('&').flatMap((part) => {
    const [name, value] = splitParameter(part)
    return name === NAME ? [value] : []
  })
}

/**
 * Removes the parameter `apikey` from a query, so that no key reaches an upstream or its logs. The rest is unchanged.
 *
 * @param readsKey whether the trigger reads its key from the query; if not, the parameter may be the pipeline's own, and
 *   only values that look like a token are removed
 */
export function stripQueryKeys(query: string | null, readsKey: boolean): string | null {
  if (query === null || !MAY_HOLD_KEY.test(query)) return query
  const kept = query.split('&').filter((part) => {
    const [name, value] = splitParameter(part)
    return name !== NAME || (!readsKey && !value.startsWith(TOKEN_PREFIX))
  })
  return kept.length === 0 ? null : kept.join('&')
}

/**
 * Removes parameters from a query. The rest is unchanged.
 *
 * @param names of the parameters to remove, decoded
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

const NO_KEYS: readonly string[] = []

/** A fast check: the name occurs, or could occur percent-encoded. */
const MAY_HOLD_KEY = /apikey|%/

function splitParameter(part: string): [name: string, value: string] {
  const equals = part.indexOf('=')
  return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
}

/** Decodes like a form (WHATWG URL, application/x-www-form-urlencoded); text with broken encoding is unchanged. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
