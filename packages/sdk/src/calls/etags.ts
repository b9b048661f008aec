const etags = new WeakMap<object, string>()

/** Remembers the ETag of an answer for as long as the answer is used. */
export function rememberEtag(answer: unknown, etag: string | null): void {
  if (typeof answer === 'object' && answer !== null && etag !== null) etags.set(answer, etag)
}

/**
 * The ETag of an answer with one resource, and of a change the one of what it has left, with its quotation marks. As the
 * `ifMatch` of the next change, it makes sure that the resource is still the same (RFC 9110 section 13.1.1).
 *
 * @param answer the object that the client returned, not a part or a copy of it
 * @returns undefined for an answer without one, such as a list
 */
export function etagOf(answer: object): string | undefined {
  return etags.get(answer)
}
