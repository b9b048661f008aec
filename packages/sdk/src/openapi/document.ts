/*
 * Reading an OpenAPI document that anyone may have written: nothing in it has the expected type for sure, and references
 * lead only to other places of the document.
 */

export type Members = Readonly<Record<string, unknown>>

/** The methods of a path item (OpenAPI 3.1, "Path Item Object") that a pipeline can have, in their order. */
export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const

/** How many references are followed in a row. */
const REFERENCES_MAX = 16

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/**
 * The members of an object, or of the one that it refers to (OpenAPI 3.1, "Reference Object").
 *
 * @returns undefined for a reference out of the document, to nothing, or in a circle
 */
export function resolved(document: unknown, value: unknown): Members | undefined {
  let current = membersOf(value)
  for (let followed = 0; followed <= REFERENCES_MAX; followed += 1) {
    const reference = textOf(current['$ref'])
    if (reference === undefined) return current
    const target = targetOf(document, reference)
    if (target === undefined) return undefined
    current = membersOf(target)
  }
  return undefined
}

/** What a reference names: a JSON Pointer (RFC 6901 section 6) after "#". */
function targetOf(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  let current: unknown = document
  for (const part of reference.slice(2).split('/')) {
    const name = unescaped(part)
    const members = membersOf(current)
    if (!Object.hasOwn(members, name)) return undefined
    current = members[name]
  }
  return current
}

/** A part of a JSON Pointer in a URI fragment, unescaped (RFC 6901 section 6). */
export function unescaped(part: string): string {
  let text = part
  try {
    text = decodeURIComponent(part)
  } catch {
    // Not encoded.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** A JSON Pointer (RFC 6901). */
export function pointer(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
