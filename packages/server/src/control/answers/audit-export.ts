import type { AuditExport } from '../../app/audit/export-audit-events.ts'
import type { AuditFilter } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint } from '../../store/port/audit/audit-signing.ts'
import { auditEventAnswer } from './audit-event-answer.ts'
import { csvRecord } from './csv.ts'
import { type ExportForm, jsonLine } from './export-form.ts'
import { timestampAnswer } from './timestamp.ts'

const NDJSON: ExportForm<AuditExport> = {
  mediaType: 'application/x-ndjson',
  fileEnding: 'ndjson',
  async *write({ batches, checkpoint, publicKey, filter }) {
    let events = 0
    for await (const { rows, checkpoints } of batches) {
      const signed = new Map(checkpoints.map((one) => [one.sequence, one]))
      let text = ''
      for (const row of rows) {
        events += 1
        text += jsonLine({ organization: row.organization, ...auditEventAnswer(row) })
        const earlier = signed.get(row.sequence)
        if (earlier !== undefined && row.sequence < checkpoint.sequence) {
          text += jsonLine({ checkpoint: checkpointAnswer(earlier), publicKey })
        }
      }
      yield text
    }
    // Only a complete export has this line.
    yield jsonLine({
      checkpoint: checkpointAnswer(checkpoint),
      publicKey,
      export: { events, filter: filterAnswer(filter) },
    })
  },
}

const CSV_COLUMNS = [
  'sequence',
  'at',
  'actor',
  'action',
  'target',
  'before',
  'after',
  'previousHash',
  'hash',
] as const

const CSV: ExportForm<AuditExport> = {
  mediaType: 'text/csv',
  fileEnding: 'csv',
  async *write({ batches }) {
    yield csvRecord(CSV_COLUMNS)
    for await (const { rows } of batches) {
      let text = ''
      for (const row of rows) {
        const event = auditEventAnswer(row)
        text += csvRecord(
          CSV_COLUMNS.map((column) =>
            column === 'before' || column === 'after' ? JSON.stringify(event[column]) : event[column],
          ),
        )
      }
      yield text
    }
  },
}

/** The forms that a caller can ask for, by their media types. */
export const AUDIT_EXPORT_FORMS: readonly ExportForm<AuditExport>[] = [NDJSON, CSV]

function checkpointAnswer({ organization, sequence, hash, atMs, keyId, signature }: AuditCheckpoint) {
  return { organization, sequence, hash, at: timestampAnswer(atMs), keyId, signature }
}

/** The filter as the query has it; null for a whole log. */
function filterAnswer({ fromMs, toMs, ...facts }: AuditFilter): object | null {
  const filter = {
    ...facts,
    ...(fromMs === undefined ? {} : { from: timestampAnswer(fromMs) }),
    ...(toMs === undefined ? {} : { to: timestampAnswer(toMs) }),
  }
  return Object.keys(filter).length === 0 ? null : filter
}
