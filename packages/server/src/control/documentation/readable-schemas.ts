/** Formats that say the same as the pattern beside them, in a word instead of a line of regular expression. */
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'ipv4', 'ipv6'])

/** Bounds that only say that an integer is one that a JavaScript number can hold. */
const SAFE_BOUNDS: ReadonlySet<unknown> = new Set([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])

/** Copies a part of the document without the details of its schemas that mean nothing to a reader. */
export function withReadableSchemas<Part>(part: Part): Part {
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map((item: unknown) => withReadableSchemas(item)) as Part
  const members = Object.entries(part).filter(([name, value]) => {
    if (name === 'pattern') return !('format' in part && FORMATS.has(part.format))
    return !((name === 'minimum' || name === 'maximum') && SAFE_BOUNDS.has(value))
  })
  return Object.fromEntries(members.map(([name, value]) => [name, withReadableSchemas(value)])) as Part
}
