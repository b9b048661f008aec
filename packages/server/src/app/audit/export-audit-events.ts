import { EXPORT_ACTION } from '../../store/audit/audit-export-event.ts'
import type { AuditFilter, AuditHead, AuditRow } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint } from '../../store/port/audit/audit-signing.ts'
import type { Store } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { ending, ExportPlaces } from '../exports/export-places.ts'
import { shownFilter } from '../exports/shown-filter.ts'
import { newId } from '../new-id.ts'
import { auditEntry } from './audit-entry.ts'
import type { CheckpointSigner } from './checkpoint-signer.ts'
import { type AuditSearch, permittedFilter } from './reading.ts'

/** Exports that one actor may start. Each reads the whole log. */
const STARTED_MAX = { requests: 30, per: 'hour' } as const
/** Events in a batch: what an export has in memory. */
const BATCH_EVENTS = 200
/** Exports of one actor among which that of this process is looked for. */
const NEWEST_EXPORTS_MAX = 50
/** How often the actor of an export is read again, in ms. */
const RENEWED_MS = 1_000

export interface AuditExportDeps {
  readonly monotonicMs: () => number
  readonly signer: Pick<CheckpointSigner, 'sign' | 'key'>
  /** What the operation's own store does not have. */
  readonly store: Pick<Store, 'auditSigning'>
}

/** A part of an export, in order. */
export interface AuditBatch {
  readonly rows: readonly AuditRow[]
  /** The checkpoints of these events that were signed before. An export with a filter has none. */
  readonly checkpoints: readonly AuditCheckpoint[]
}

/** An export that has begun. */
export interface AuditExport {
  /** When it began, in ms since 1970. */
  readonly atMs: number
  readonly organization: string
  /** Its filter; empty for a whole log. */
  readonly filter: AuditFilter
  /** Signed for the last event that the export covers. */
  readonly checkpoint: AuditCheckpoint
  /** The key of the checkpoint, as PEM. */
  readonly publicKey: string
  /** The events, in the order of the chain. To be read to its end or returned. Throws if the actor loses its right. */
  readonly batches: AsyncGenerator<AuditBatch, void, undefined>
}

/** Exports audit logs, a bounded number at a time. */
export class AuditExports {
  readonly #deps: AuditExportDeps
  readonly #places: ExportPlaces

  constructor(deps: AuditExportDeps) {
    this.#deps = deps
    this.#places = new ExportPlaces(deps.monotonicMs, STARTED_MAX)
  }

  /**
   * Begins to export the events of an organization. The export is the last event in it, and its checkpoint covers it.
   *
   * @param format its media type
   * @throws Problem `not_found`, `permission_missing`, `invalid_request`; `rate_limited` for too many exports
   */
  async begin(context: OperationContext, search: AuditSearch, format: string): Promise<AuditExport> {
    const { organization } = search
    const filter = permittedFilter(context, search)
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    const end = this.#places.take(context.actor.id, organization)
    try {
      const id = newId('exp', context.randomBytes)
      await context.store.write(async (tx) => {
        requirePermission(context, organization, 'audit.read')
        const after = { export: id, format, ...shownFilter(given) }
        tx.audit(auditEntry(context, organization, EXPORT_ACTION, `organization/${organization}`, { after }))
      })
      const head = await ownEvent(context, organization, id)
      const checkpoint = await this.#deps.signer.sign(organization, head)
      const { publicKey } = await this.#deps.signer.key()
      const batches = this.#batches(context, organization, given, head.sequence)
      return {
        atMs: context.nowMs(),
        organization,
        filter: given,
        checkpoint,
        publicKey,
        batches: ending(batches, end),
      }
    } catch (error) {
      end()
      throw error
    }
  }

  async *#batches(
    context: OperationContext,
    organization: string,
    filter: AuditFilter,
    through: number,
  ): AsyncGenerator<AuditBatch, void, undefined> {
    const { read } = context.store
    const { monotonicMs, store } = this.#deps
    const isWhole = Object.keys(filter).length === 0
    let renewedMs = monotonicMs()
    let reached = 0
    for (let cursor: string | null | undefined; cursor !== null;) {
      if (monotonicMs() - renewedMs >= RENEWED_MS) {
        await context.actor.renew?.(read, context.nowMs())
        requirePermission(context, organization, 'audit.read')
        renewedMs = monotonicMs()
      }
      // Each batch is a query of its own, so that a slow reader holds no transaction open.
      const page = await read.audit.list(organization, { limit: BATCH_EVENTS, cursor }, { through, filter })
      const last = page.items.at(-1)?.sequence ?? reached
      const checkpoints = isWhole ? await store.auditSigning.checkpoints(organization, reached, last) : []
      if (page.items.length > 0) yield { rows: page.items, checkpoints }
      reached = last
      cursor = page.next
    }
  }
}

/** The event of an export. Others may have followed it by now, and another process may export for the same actor. */
async function ownEvent(
  { store, actor }: OperationContext,
  organization: string,
  id: string,
): Promise<AuditHead> {
  const filter = { action: EXPORT_ACTION, actor: actor.id }
  const { items } = await store.read.audit.newest(organization, { limit: NEWEST_EXPORTS_MAX }, filter)
  const own = items.find(({ after }) => (after as { readonly export?: unknown } | null)?.export === id)
  if (own === undefined) throw new Error('The event of the export is not in the log')
  return own
}
