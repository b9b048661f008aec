/** A schema of JSON Schema 2020-12. */
export type JsonSchema = boolean | Readonly<Record<string, unknown>>

/** What a trigger demands of a request beyond its credentials. Whatever is left out is not checked. */
export interface RequestRules {
  /** Of the body as steps see it. */
  readonly body?: JsonSchema
  /** Of the query as an object. */
  readonly query?: JsonSchema
  /** Of the path parameters as an object. */
  readonly params?: JsonSchema
  /** Media types in lower case, such as `application/json` and `image/*`. */
  readonly contentTypes?: readonly string[]
}
