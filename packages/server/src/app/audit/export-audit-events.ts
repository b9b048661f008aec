import { Problem } from '@sallyport/core'
import { FairShare } from '../../fairness/fair-share.ts'
import { countAll, RequestCounters } from '../../fairness/request-counters.ts'
import { EXPORT_ACTION } from '../../store/audit/audit-export-event.ts'
import type { AuditFilter, AuditHead, AuditRow } from '../../store/port/audit-events.ts'
import type { AuditCheckpoint } from '../../store/port/audit/audit-signing.ts'
import type { Store } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { newId } from '../new-id.ts'
import { auditEntry } from './audit-entry.ts'
import type { CheckpointSigner } from './checkpoint-signer.ts'
import { type AuditSearch, permittedFilter } from './reading.ts'

/** Exports that one actor may start. Each reads the whole log. */
const STARTED_MAX = { requests: 30, per: 'hour' } as const
/** Actors whose exports are counted; beyond that, the least recently seen one is forgotten. */
const ACTORS_MAX = 10_000
/** Exports at a time, which organizations share. */
const RUNNING_MAX = 16
/** Names and ids, also after a kind. A token has its prefix. */
const SHOWN = /^(?!.*sp_)[\w.*/-]{1,100}$/
/** When an export that found no place can be tried again, in seconds. */
const RETRY_AFTER_SECONDS = 30
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
  readonly #started: RequestCounters
  readonly #running = new FairShare(RUNNING_MAX)
  readonly #actors = new Set<string>()

  constructor(deps: AuditExportDeps) {
    this.#deps = deps
    this.#started = new RequestCounters(deps.monotonicMs, ACTORS_MAX)
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
    const end = this.#take(context.actor.id, organization)
    try {
      const id = newId('exp', context.randomBytes)
      await context.store.write(async (tx) => {
        requirePermission(context, organization, 'audit.read')
        const after = { export: id, format, ...shown(given) }
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

  /** Takes a place. @returns gives it back */
  #take(actor: string, organization: string): () => void {
    const tenant = { organization, pipeline: actor }
    countAll([this.#started.look(actor, STARTED_MAX)], 'You started too many exports within an hour.')
    if (this.#actors.has(actor)) throw busy('Another export of yours is not done yet.')
    if (!this.#running.take(tenant)) throw busy('Too many exports are in progress.')
    this.#actors.add(actor)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#actors.delete(actor)
      this.#running.give(tenant)
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

/** The same batches; calls `end` after the last one, also if they fail or nobody wants them. */
function ending(
  batches: AsyncGenerator<AuditBatch, void, undefined>,
  end: () => void,
): AsyncGenerator<AuditBatch, void, undefined> {
  return {
    async next() {
      try {
        const result = await batches.next()
        if (result.done === true) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      return await batches.return()
    },
    async throw(error) {
      end()
      return await batches.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return()
    },
  }
}

/** A filter in the audit log. A text in it that could hold a token is hidden. */
function shown(filter: AuditFilter): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]: [string, unknown]) => [
      name,
      typeof value !== 'string' || SHOWN.test(value) ? value : '…',
    ]),
  )
}

function busy(detail: string): Problem {
  return new Problem('rate_limited', { detail, extensions: { retryAfterSeconds: RETRY_AFTER_SECONDS } })
}
