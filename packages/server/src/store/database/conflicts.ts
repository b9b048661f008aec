import { Problem } from '@sallyport/core'

/** A unique constraint or index, and the detail of the conflict when a row violates it. */
export interface UniqueConstraint {
  readonly table: string
  readonly columns: readonly string[]
  readonly detail: string
}

/** Unique constraints by their names. */
export type UniqueConstraints = Readonly<Record<string, UniqueConstraint>>

/** Finds the constraint over exactly these columns, written `table.column, table.column` as SQLite reports them. */
export function constraintOver(
  constraints: UniqueConstraints,
  qualifiedColumns: string,
): UniqueConstraint | undefined {
  return Object.values(constraints).find(
    ({ table, columns }) => columns.map((column) => `${table}.${column}`).join(', ') === qualifiedColumns,
  )
}

/** Reports a duplicate row. Without a known constraint, the problem has the catalogue's own detail. */
export function uniqueConflict(constraint: UniqueConstraint | undefined, cause: unknown): Problem {
  return new Problem('conflict', constraint === undefined ? { cause } : { detail: constraint.detail, cause })
}

/** Reports a broken foreign key. SQLite does not say which one, so the detail is the same on both databases. */
export function referenceConflict(cause: unknown): Problem {
  return new Problem('conflict', {
    detail:
      'The request refers to a resource that does not exist, or another resource still refers to this one. ' +
      'Check both, then try again.',
    cause,
  })
}
