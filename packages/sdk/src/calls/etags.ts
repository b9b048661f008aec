const etags = new WeakMap<object, string>()

/** Remembers the ETag of an answer for as long as the answer is used. */
export function rememberEtag(answer: unknown, etag: string | null): void {
  if (typeof answer === 'object' && answer !== null && etag !== null) etags.set(answer, etag)
}

/**
 * The ETag of an answer with one resource, and of a change the one of what it has left, with its quotation marks. As the
 * `ifMatch` of the next change, it makes sure that the resource is still the same (RFC 9110 section 13.1.1).
 *
 * @param answer the object that the client returned, not a part of it, and not a copy unless `keepEtag` was told of it
 * @returns undefined for an answer without one, such as a list
 */
export function etagOf(answer: object): string | undefined {
  return etags.get(answer)
}

/**
 * Gives the copy of an answer the ETag of the answer, for a cache that keeps copies.
 *
 * @returns the copy
 */
export function keepEtag<Copy extends object>(answer: object, copy: Copy): Copy {
  rememberEtag(copy, etagOf(answer) ?? null)
  return copy
}
