/** Which responses of a pipeline are compressed for callers that accept it. */
export interface CompressionRules {
  /** The smallest body that is compressed, in bytes. */
  readonly minBytes: number
  /** Media types in lower case, and ranges such as `text/*`. Types of JSON and XML stand for their suffixes too. */
  readonly contentTypes: readonly string[]
}

/** Smaller bodies fit into one packet, and gain nothing. */
export const COMPRESSION_BYTES_DEFAULT = 1024

/**
 * Types whose content compresses well. `application/json` stands for types that end in `+json` too, and `application/xml`
 * for those in `+xml`. Images, sound, films and archives are compressed already.
 */
export const COMPRESSION_TYPES_DEFAULT: readonly string[] = [
  'text/*',
  'application/json',
  'application/xml',
  'application/x-ndjson',
  'application/javascript',
  'application/yaml',
]
