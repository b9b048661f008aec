import { type Change, UnknownRecordPart, versionOfRecord } from '@sallyport/core'

export interface KnownChanges<C> {
  readonly known: readonly C[]
  /** Why the change after them cannot be applied; left out if there is none. */
  readonly unknown?: UnknownRecordPart
}

/**
 * Changes up to the first one with a part that this release does not know. A later release on the same database has written it,
 * and it may be a restriction, which must not be overlooked.
 */
export function knownChanges<C extends Pick<Change, 'records'>>(changes: readonly C[]): KnownChanges<C> {
  for (const [index, { records }] of changes.entries()) {
    const unknown = unknownPart(records)
    if (unknown !== undefined) return { known: changes.slice(0, index), unknown }
  }
  return { known: changes }
}

function unknownPart(records: Change['records']): UnknownRecordPart | undefined {
  try {
    for (const record of records) versionOfRecord(record)
    return undefined
  } catch (error) {
    if (error instanceof UnknownRecordPart) return error
    throw error
  }
}
