/** Something of a document that the draft does not have, or has in another form. */
export interface OpenApiNote {
  /** A JSON Pointer (RFC 6901) to it in the document. */
  readonly path: string
  /** What it is, and what to do about it, as sentences. */
  readonly message: string
}
