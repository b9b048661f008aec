import { labelFilterText } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { ending, ExportPlaces } from '../exports/export-places.ts'
import { shownFilter } from '../exports/shown-filter.ts'
import { newId } from '../new-id.ts'
import { type NamedKeyRow, withConsumerNames } from './consumer-names.ts'
import { keySelection, type ListKeysInput } from './list-keys.ts'

/** Exports that one actor may start. */
const STARTED_MAX = { requests: 120, per: 'hour' } as const
/** Keys in a batch: what an export has in memory. */
const BATCH_KEYS = 200
/** How often the actor of an export is read again, in ms. */
const RENEWED_MS = 1_000

/** Which keys of an organization. They are in the order of their creation, so that each comes exactly once. */
export type ExportKeysInput = Omit<ListKeysInput, 'limit' | 'cursor' | 'sort'>

/** An export that has begun. */
export interface KeyExport {
  /** When it began, in ms since 1970. Keys that are made later are not in it. */
  readonly atMs: number
  readonly organization: string
  /** Its filter; empty for all keys that are not deleted. */
  readonly filter: Readonly<Record<string, unknown>>
  /** The keys. To be read to its end or returned. Throws if the actor loses its right. */
  readonly batches: AsyncGenerator<readonly NamedKeyRow[], void, undefined>
}

/** Exports the keys of organizations without their secrets, a bounded number of exports at a time. */
export class KeyExports {
  readonly #monotonicMs: () => number
  readonly #places: ExportPlaces

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
    this.#places = new ExportPlaces(monotonicMs, STARTED_MAX)
  }

  /**
   * Begins to export the keys that match and that the actor may read.
   *
   * @param format its media type
   * @throws Problem `not_found`, `permission_missing`; `rate_limited` for too many exports
   */
  async begin(context: OperationContext, input: ExportKeysInput, format: string): Promise<KeyExport> {
    const { organization } = input
    requireReadableKeys(context, organization)
    const filter = givenFilter(input)
    const end = this.#places.take(context.actor.id, organization)
    try {
      const id = newId('exp', context.randomBytes)
      await requireKnownFilters(context, input)
      await context.store.write(async (tx) => {
        requireReadableKeys(context, organization)
        const after = { export: id, format, ...shownFilter(filter) }
        tx.audit(auditEntry(context, organization, 'keys.export', `organization/${organization}`, { after }))
        await Promise.resolve()
      })
      const atMs = context.nowMs()
      return { atMs, organization, filter, batches: ending(this.#batches(context, input, atMs), end) }
    } catch (error) {
      end()
      throw error
    }
  }

  async *#batches(
    context: OperationContext,
    input: ExportKeysInput,
    atMs: number,
  ): AsyncGenerator<readonly NamedKeyRow[], void, undefined> {
    const { organization } = input
    const { read } = context.store
    const selection = keySelection(input, atMs)
    if (selection === undefined) return
    let renewedMs = this.#monotonicMs()
    for (let cursor: string | null | undefined; cursor !== null;) {
      if (this.#monotonicMs() - renewedMs >= RENEWED_MS) {
        await context.actor.renew?.(read, context.nowMs())
        renewedMs = this.#monotonicMs()
      }
      const visible = requireReadableKeys(context, organization)
      // Each batch is a query of its own, so that a slow reader holds no transaction open.
      const page = await read.keys.list(organization, { limit: BATCH_KEYS, cursor, visible }, selection)
      const rows = page.items.filter(({ createdAtMs }) => createdAtMs <= atMs)
      if (rows.length > 0) yield await withConsumerNames(context, organization, rows)
      // The first key that was made later is the end: keys are made faster than a slow reader takes them.
      cursor = rows.length < page.items.length ? null : page.next
    }
  }
}

/** An export without keys would look as if nothing fitted. @throws Problem `invalid_request` */
async function requireKnownFilters(context: OperationContext, input: ExportKeysInput): Promise<void> {
  const { organization } = input
  const visible = requireReadableKeys(context, organization)
  const selection = keySelection(input, context.nowMs())
  const { items } = await context.store.read.keys.list(organization, { limit: 1, visible }, selection)
  if (items.length === 0) await requireKnown(context, organization, 'keys.read', input)
}

/** @throws Problem `not_found`, `permission_missing` for an actor that may read no key */
export function requireReadableKeys(
  context: Pick<OperationContext, 'actor'>,
  organization: string,
): ReturnType<typeof visibleScopes> {
  return visibleScopes(context, organization, 'keys.read', ['environment'])
}

/** The filter as the query has it. */
function givenFilter({
  organization: _organization,
  search,
  label,
  ...filter
}: ExportKeysInput): Readonly<Record<string, unknown>> {
  const given = { ...filter, label: label?.map(labelFilterText), search: search?.join(' ') }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== false),
  )
}
