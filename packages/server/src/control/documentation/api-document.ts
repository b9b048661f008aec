/** The parts of an OpenAPI 3.1 document that the documentation reads and completes. */
export interface ApiDocument {
  readonly components: Readonly<Record<string, unknown>>
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
}

export interface ApiOperation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  /** Empty for an operation that needs no key. Absent for all others. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly ApiParameter[]
  readonly requestBody?: ApiBody & { readonly required?: boolean }
  readonly responses: Readonly<Record<string, ApiBody & { readonly description: string }>>
}

export interface ApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description?: string
}

interface ApiBody {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>
}

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly JsonSchema[]
}
