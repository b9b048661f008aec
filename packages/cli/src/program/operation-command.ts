import type { OPERATION_FIELDS } from '../generated/operation-fields.ts'

export type OperationId = keyof typeof OPERATION_FIELDS

/** A command that calls one operation of the management API. */
export interface OperationCommand {
  /** Its words, such as `keys list`. */
  readonly words: string
  readonly operation: OperationId
  /** The parameters of the path that are arguments of the command. The others are options. */
  readonly arguments?: readonly string[]
  /** The columns of a table of items, or the members of one item, in their order. */
  readonly columns?: readonly string[]
  /** Whether only the columns of an answer are shown, because the rest is long. */
  readonly isBrief?: boolean
  /** The member of the answer that is shown, if it is not the whole answer. */
  readonly shows?: string
  /** The member of the answer that is shown only once. It is printed alone. */
  readonly secret?: string
  /** The field whose value must not be on a command line, where other people can read it. It is read from standard input. */
  readonly hidden?: string
  /** Fields that the command does not take, because another one does. */
  readonly omits?: readonly string[]
  /** Members of the body that the command itself gives. */
  readonly fixed?: Readonly<Record<string, unknown>>
  /** What identifies an item, which `--quiet` prints. */
  readonly id?: string
  /** Replaces the summary of the operation. */
  readonly summary?: string
}
