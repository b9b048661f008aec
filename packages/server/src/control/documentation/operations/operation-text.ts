import type { Permission } from '@sallyport/core'

/** The text and the example of one operation of the document. */
export interface OperationText {
  /** One to four sentences: what the operation does, what it answers, and notable refusals. */
  readonly description: string
  /** Every permission that the operation requires of its key. */
  readonly permissions: readonly Permission[]
  /** What an answer means, by its status, where several statuses mean success. */
  readonly answers?: Readonly<Record<number, string>>
  readonly example: Example
  /** Descriptions of path parameters by name, beside those that several resources have. */
  readonly parameters?: PathParameterTexts
}

type PathParameterTexts = Readonly<Record<string, string>>

/**
 * A request that works when its curl command is pasted. A text that starts with `$` is a shell variable, such as
 * `$KEY_ID`. Examples run in the order of the tables, each after the examples that save its variables.
 */
export interface Example {
  /** Values of path parameters by name, except the organization (`acme`) and the environment (`prod`). */
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: ExampleValue
  /** A body that is not JSON. Its text has no single quotes. */
  readonly file?: { readonly mediaType: string; readonly text: string }
  /** Shell variables that later examples use, each with the jq path of its value in this answer. */
  readonly saves?: Readonly<Record<string, `.${string}`>>
  /** Whether the answer sets a cookie that later examples send. */
  readonly keepsCookies?: boolean
  /** Ids of operations whose examples run before this one, beside those that save its variables. */
  readonly after?: readonly string[]
}

export type ExampleValue =
  | string
  | number
  | boolean
  | readonly ExampleValue[]
  | { readonly [member: string]: ExampleValue }

/** Operations by their id. */
export type OperationTexts = Readonly<Record<string, OperationText>>

/** The group of the document that a resource appears in. Resources can share one. */
export interface Tag {
  readonly name: string
  readonly description: string
}

/** The documentation of one resource. */
export interface ResourceTexts {
  readonly tag: Tag
  /** Descriptions of the path parameters that only this resource has, such as its own id. */
  readonly parameters?: PathParameterTexts
  readonly operations: OperationTexts
}

/** The operations of several resources, each with the parameters of its resource. */
export function allOperations(resources: readonly ResourceTexts[]): OperationTexts {
  return Object.fromEntries(
    resources.flatMap(({ operations, parameters = {} }) =>
      Object.entries(operations).map(([id, text]) => [id, { ...text, parameters }]),
    ),
  )
}
