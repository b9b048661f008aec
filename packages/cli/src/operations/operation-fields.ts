/** How a field is written on a command line. `time` is an instant or a duration from now, `past` one before now, `texts` is repeated, `map` is `name=value`. */
export type FieldKind = 'text' | 'integer' | 'boolean' | 'time' | 'past' | 'texts' | 'map' | 'json'

/** A parameter of a query or a member of a body. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly description: string
  readonly isRequired?: boolean
  /** Whether null is a value, written as `null`. */
  readonly isNullable?: boolean
  readonly choices?: readonly string[]
}

/** What the command line needs to know of an operation of the management API. */
export interface OperationFields {
  readonly summary: string
  readonly description: string
  /** The parameters of the path in their order, without the organization. */
  readonly path: readonly { readonly name: string; readonly description: string }[]
  readonly ofOrganization?: boolean
  readonly query: readonly Field[]
  readonly body: readonly Field[]
  readonly answer: 'json' | 'list' | 'file' | 'none'
  /** The media types of a file that is sent. */
  readonly sentFile?: readonly string[]
  /** The media types of a file that is received. */
  readonly receivedFile?: readonly string[]
}
