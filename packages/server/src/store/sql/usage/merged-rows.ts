import type { UsageRow } from '../../port/usage.ts'

type Merged = { -readonly [Member in keyof UsageRow]: UsageRow[Member] }

/**
 * Adds up rows with the same facts. They are in the order of organizations and keys, so that those which are written
 * together lie together in the tables.
 */
export function mergedRows(rows: Iterable<UsageRow>): readonly UsageRow[] {
  const merged = new Map<string, Merged>()
  for (const row of rows) {
    // Organizations, ids and codes have no space.
    const name = `${row.organization} ${row.keyId} ${row.secretSequence} ${row.minuteMs} ${seriesOf(row)} ${row.consumer} ${row.isExternal}`
    const known = merged.get(name)
    if (known === undefined) {
      merged.set(name, { ...row })
      continue
    }
    known.requests += row.requests
    known.sources = [...known.sources, ...row.sources]
    if (row.lastUsedAtMs < known.lastUsedAtMs) continue
    known.lastUsedAtMs = row.lastUsedAtMs
    known.lastUsedAddress = row.lastUsedAddress
  }
  return [...merged].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

/** What all requests to a version of a pipeline with the same outcome have in common, as one text. */
export function seriesOf({ environment, project, pipeline, version, code }: UsageRow): string {
  // Names have no slash, so that different facts never have the same text.
  return `${environment}/${project}/${pipeline}/${version}/${code}`
}
