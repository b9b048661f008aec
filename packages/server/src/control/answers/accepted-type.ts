/** A media range of `Accept` and its weight (RFC 9110 section 12.5.1). */
const RANGE = /^\s*([^\s;,]+)\s*(?:;(?!\s*q\s*=)[^;]*)*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;.*)?)?$/i

const JSON_RANGES: readonly string[] = ['application/json', 'application/*', '*/*']

/**
 * Which of some media types a caller prefers to JSON. Only a type that `Accept` names counts, so that JSON stays the answer
 * to everything else.
 *
 * @param accept the header, if it was sent
 * @returns undefined for JSON
 */
export function preferredToJson<Offer extends { readonly mediaType: string }>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | undefined {
  const weights = weightsOf(accept)
  const json = JSON_RANGES.find((range) => weights.has(range))
  const weightOfJson = json === undefined ? 0 : (weights.get(json) ?? 0)
  const weightOf = ({ mediaType }: Offer): number => weights.get(mediaType) ?? 0
  const [best] = offers.toSorted((one, other) => weightOf(other) - weightOf(one))
  return best !== undefined && weightOf(best) > 0 && weightOf(best) >= weightOfJson ? best : undefined
}

/**
 * Which of some media types a caller accepts, the first one of those that it likes best (RFC 9110 section 12.5.1). The
 * most specific range that names a type counts.
 *
 * @param accept the header; if it was not sent, every type is accepted
 * @returns undefined if the caller accepts none of them
 */
export function acceptedOf<Offer extends { readonly mediaType: string }>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | undefined {
  const weights = weightsOf(accept ?? '*/*')
  const weightOf = ({ mediaType }: Offer): number =>
    weights.get(mediaType) ?? weights.get(mediaType.replace(/\/.*/, '/*')) ?? weights.get('*/*') ?? 0
  const [best] = offers.toSorted((one, other) => weightOf(other) - weightOf(one))
  return best !== undefined && weightOf(best) > 0 ? best : undefined
}

/** The weight of each media range, by the range in lower case. */
function weightsOf(accept = ''): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const range of accept.split(',')) {
    const [, type, weight] = RANGE.exec(range) ?? []
    if (type !== undefined) weights.set(type.toLowerCase(), Number(weight ?? 1))
  }
  return weights
}
