import { type FeedRecord, recordKey } from '@sallyport/core'

function nameOf(record: FeedRecord): string {
  const { organization, id } = recordKey(record)
  return JSON.stringify([record.kind === 'removed' ? record.of : record.kind, organization, id])
}

/** The state after these records: the last record of each name, without removed ones. */
export function fold(records: Iterable<FeedRecord>): Readonly<Record<string, FeedRecord>> {
  const known = new Map<string, FeedRecord>()
  for (const record of records) {
    if (record.kind === 'removed') known.delete(nameOf(record))
    else known.set(nameOf(record), record)
  }
  return Object.fromEntries([...known].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The records that refer to a record that is not among them. */
export function dangling(records: Iterable<FeedRecord>): readonly FeedRecord[] {
  const known = fold(records)
  const has = (kind: string, organization: string, id: string): boolean =>
    JSON.stringify([kind, organization, id]) in known
  return Object.values(known).filter((record) => {
    if (record.kind === 'organization' || record.kind === 'removed') return false
    if (!has('organization', record.organization, record.organization)) return true
    const environment = 'environment' in record ? record.environment : null
    if (environment !== null && !has('environment', record.organization, environment)) return true
    return (
      (record.kind === 'key' || record.kind === 'basic-credential') &&
      record.consumer !== null &&
      !has('consumer', record.organization, record.consumer)
    )
  })
}
