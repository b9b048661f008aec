import type { FeedRecord } from '@sallyport/core'

/** The name of the thing that a record is about. */
function thingOf(record: FeedRecord): string {
  switch (record.kind) {
    case 'organization':
      return JSON.stringify([record.kind, record.slug])
    case 'environment':
    case 'role':
      return JSON.stringify([record.kind, record.organization, record.name])
    case 'removed':
      return JSON.stringify([record.of, record.organization, record.id])
    case 'consumer':
    case 'key':
    case 'external-key':
    case 'deployment':
    case 'signing-key':
    case 'issuer':
    case 'environment-secret':
    case 'basic-credential':
      return JSON.stringify([record.kind, record.organization, record.id])
  }
}

/** What somebody knows who was told of these records: the last of each thing, unless that thing is gone. */
export function fold(records: Iterable<FeedRecord>): Readonly<Record<string, FeedRecord>> {
  const known = new Map<string, FeedRecord>()
  for (const record of records) {
    if (record.kind === 'removed') known.delete(thingOf(record))
    else known.set(thingOf(record), record)
  }
  return Object.fromEntries([...known].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * What in these records refers to a thing that came neither before nor with them, so that whoever reads them in order
 * would be told of something that is not there.
 */
export function dangling(records: Iterable<FeedRecord>): readonly FeedRecord[] {
  const known = fold(records)
  const has = (...name: string[]): boolean => JSON.stringify(name) in known
  return Object.values(known).filter((record) => {
    if (record.kind === 'organization' || record.kind === 'removed') return false
    if (!has('organization', record.organization)) return true
    const environment = 'environment' in record ? record.environment : null
    if (environment !== null && !has('environment', record.organization, environment)) return true
    return (
      (record.kind === 'key' || record.kind === 'basic-credential') &&
      record.consumer !== null &&
      !has('consumer', record.organization, record.consumer)
    )
  })
}
