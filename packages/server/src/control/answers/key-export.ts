import type { KeyExport } from '../../app/keys/export-keys.ts'
import type { NamedKeyRow } from '../../app/keys/consumer-names.ts'
import { csvRecord } from './csv.ts'
import { type ExportForm, jsonLine } from './export-form.ts'
import { namedKeyAnswer } from './key-answer.ts'
import { timestampAnswerOrNull } from './timestamp.ts'

/** A key in an export, without its secrets. */
function exportedKey(row: NamedKeyRow, atMs: number) {
  const { secrets, consumer, consumerName, ...key } = namedKeyAnswer(row, atMs)
  const uses = row.secrets.flatMap(({ lastUsedAtMs }) => lastUsedAtMs ?? [])
  return {
    id: key.id,
    name: key.name,
    type: key.type,
    environment: key.environment,
    consumer,
    consumerName,
    roles: key.roles,
    state: key.state,
    status: key.status,
    createdAt: key.createdAt,
    createdBy: key.createdBy,
    expiresAt: key.expiresAt,
    lastUsedAt: timestampAnswerOrNull(uses.length === 0 ? null : Math.max(...uses)),
    hints: secrets.map(({ hint }) => hint),
    freshness: key.freshness,
    lifetimeEndsAt: key.lifetimeEndsAt,
    addressRules: key.addressRules,
    rateLimits: key.rateLimits,
    labels: key.labels,
  }
}

type ExportedKey = ReturnType<typeof exportedKey>

const NDJSON: ExportForm<KeyExport> = {
  mediaType: 'application/x-ndjson',
  fileEnding: 'ndjson',
  async *write({ batches, atMs, filter }) {
    let keys = 0
    for await (const rows of batches) {
      keys += rows.length
      yield rows.map((row) => jsonLine(exportedKey(row, atMs))).join('')
    }
    // Only a complete export has this line.
    yield jsonLine({ export: { keys, filter: Object.keys(filter).length === 0 ? null : filter } })
  },
}

/** Each column and its cell. Names and ranges, which have no spaces, are separated by them. */
const CELLS: { readonly [Column in keyof ExportedKey]: (key: ExportedKey) => string } = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  type: ({ type }) => type,
  environment: ({ environment }) => environment ?? '',
  consumer: ({ consumer }) => consumer ?? '',
  consumerName: ({ consumerName }) => consumerName ?? '',
  roles: ({ roles }) => roles.join(' '),
  state: ({ state }) => state,
  status: ({ status }) => status,
  createdAt: ({ createdAt }) => createdAt,
  createdBy: ({ createdBy }) => createdBy,
  expiresAt: ({ expiresAt }) => expiresAt ?? '',
  lastUsedAt: ({ lastUsedAt }) => lastUsedAt ?? '',
  hints: ({ hints }) => JSON.stringify(hints),
  freshness: ({ freshness }) => freshness,
  lifetimeEndsAt: ({ lifetimeEndsAt }) => lifetimeEndsAt ?? '',
  addressRules: ({ addressRules }) => addressRules.join(' '),
  rateLimits: ({ rateLimits }) => JSON.stringify(rateLimits),
  labels: ({ labels }) => JSON.stringify(labels),
}

const CSV: ExportForm<KeyExport> = {
  mediaType: 'text/csv',
  fileEnding: 'csv',
  async *write({ batches, atMs }) {
    const cells = Object.values(CELLS)
    yield csvRecord(Object.keys(CELLS))
    for await (const rows of batches) {
      const keys = rows.map((row) => exportedKey(row, atMs))
      yield keys.map((key) => csvRecord(cells.map((cellOf) => cellOf(key)))).join('')
    }
  },
}

/** The forms of an export of keys, by their media types; the first one unless the caller prefers another. */
export const KEY_EXPORT_FORMS: readonly ExportForm<KeyExport>[] = [NDJSON, CSV]
