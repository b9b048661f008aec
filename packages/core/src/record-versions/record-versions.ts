import type { FeedRecord } from '../snapshot/feed-record.ts'
import type { Shape } from './record-shape.ts'
import { RECORD_SHAPE } from './record-shapes.ts'

/**
 * The newest version of the records that this release writes and reads. A release that adds a field, a kind or a value to
 * `record-shapes.ts` raises it, and enters the addition there as `since` this version.
 */
export const RECORDS_VERSION = 1

/** A record with a part that this release does not know: a later one has written it. */
export class UnknownRecordPart extends Error {}

/**
 * The oldest version of the records in which a record can be said. A gateway that reads only earlier ones would ignore a part
 * of it, which may be a restriction.
 *
 * @throws UnknownRecordPart
 */
export function versionOfRecord(record: FeedRecord): number {
  return versionOfShape(record, RECORD_SHAPE)
}

/** The same for a value of any shape. @throws UnknownRecordPart */
export function versionOfShape(value: unknown, shape: Shape, path = 'record'): number {
  if (value === null || value === undefined) return 1
  switch (shape.is) {
    case 'opaque':
      return 1
    case 'since':
      return Math.max(shape.version, versionOfShape(value, shape.of, path))
    case 'values':
      return entryOf(shape.values, value, path)
    case 'each':
      return newest(typeof value === 'object' ? Object.values(value) : [], (item) =>
        versionOfShape(item, shape.of, path),
      )
    case 'kinds': {
      const { kind } = value as { readonly kind: unknown }
      return versionOfShape(value, entryOf(shape.kinds, kind, `${path}.kind`), `${path} ${String(kind)}`)
    }
    case 'fields': {
      // A text where an object can be, such as a template of a header.
      if (typeof value !== 'object') return 1
      let version = 1
      for (const [name, part] of Object.entries(value)) {
        const partPath = `${path}.${name}`
        version = Math.max(version, versionOfShape(part, entryOf(shape.fields, name, partPath), partPath))
      }
      return version
    }
  }
}

function entryOf<T>(entries: Readonly<Record<string, T>>, name: unknown, path: string): T {
  const entry = typeof name === 'string' && Object.hasOwn(entries, name) ? entries[name] : undefined
  if (entry === undefined) {
    const value = path.endsWith(`.${String(name)}`) ? '' : ` ${JSON.stringify(name)}`
    throw new UnknownRecordPart(
      `A later release has written ${path}${value}, which this one does not know. Upgrade this process.`,
    )
  }
  return entry
}

function newest(items: readonly unknown[], versionOfItem: (item: unknown) => number): number {
  let version = 1
  for (const item of items) version = Math.max(version, versionOfItem(item))
  return version
}
