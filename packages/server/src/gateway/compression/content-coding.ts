/** The content codings that the gateway applies, by preference. See docs/decisions/0063 for their cost. */
const CODINGS = ['zstd', 'br', 'gzip'] as const
export type ContentCoding = (typeof CODINGS)[number]

/** A longer header is read as if the caller accepted no coding. */
const ACCEPT_CHARS_MAX = 1024
/** One coding and its weight (RFC 9110 sections 12.4.2 and 12.5.3). */
const ITEM = /^([!#$%&'*+.^_`|~0-9a-z-]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/

/**
 * The coding that suits a caller best (RFC 9110 section 12.5.3).
 *
 * @param accept the joined value of `Accept-Encoding`; undefined if there is none, which accepts anything, but says nothing about
 * what its sender can read
 * @returns null for no coding
 */
export function preferredCoding(accept: string | undefined): ContentCoding | null {
  if (accept === undefined || accept.length > ACCEPT_CHARS_MAX) return null
  const weights = weightsOf(accept)
  const others = weights.get('*')
  let best: ContentCoding | null = null
  let bestWeight = 0
  for (const coding of CODINGS) {
    const weight = weights.get(coding) ?? others ?? 0
    if (weight <= bestWeight) continue
    best = coding
    bestWeight = weight
  }
  return bestWeight >= (weights.get('identity') ?? 0) ? best : null
}

/** The weights by coding. An item that cannot be read counts as not sent; of a repeated one, the last counts. */
function weightsOf(accept: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const item of accept.toLowerCase().split(',')) {
    const [, name, weight = '1'] = ITEM.exec(item.trim()) ?? []
    // An old name that means the same (RFC 9110 section 8.4.1.3).
    if (name !== undefined) weights.set(name === 'x-gzip' ? 'gzip' : name, Number(weight))
  }
  return weights
}
