import { type KeySection, parseKeySection, type Target, TARGET_FIELDS } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import type { KeyFilter } from '../../port/key-lists.ts'

/** A section, with the number of its keys. */
export interface SizedSection {
  readonly section: string
  readonly keys: number
}

/** The sections that a filter and the scope of a reader leave, without those that are empty. */
export async function sectionsOf(
  db: Database,
  organization: string,
  filter: KeyFilter,
  visible: readonly Target[] | undefined,
): Promise<readonly SizedSection[]> {
  const rows = await db
    .selectFrom('key_counts')
    .select(['section', 'keys'])
    .where('organization', '=', organization)
    .where('keys', '>', 0)
    .orderBy('section')
    .execute()
  const statuses = statusesOf(filter)
  return rows.filter(({ section }) => {
    const { status, type, environment } = parseKeySection(section)
    return (
      statuses.includes(status) &&
      (filter.type === undefined || filter.type === type) &&
      (filter.environment === undefined || filter.environment === environment) &&
      (visible === undefined || visible.some((scope) => isIn(scope, environment)))
    )
  })
}

/** What the filters leave of the states that are stored. */
function statusesOf({ state, oldSecret, includeDeleted }: KeyFilter): readonly KeySection['status'][] {
  const ofState = state === undefined ? undefined : ONLY[state.is]
  if (oldSecret !== undefined) return ofState === undefined || ofState === 'on' ? ['on'] : []
  if (ofState !== undefined) return [ofState]
  return includeDeleted === true ? ['on', 'off', 'deleted'] : ['on', 'off']
}

const ONLY = { active: 'on', rolling: 'on', expired: 'on', inactive: 'off', deleted: 'deleted' } as const

/** Whether keys of an environment are within a scope. Keys have no other part of a scope. */
function isIn(scope: Target, environment: string | null): boolean {
  return TARGET_FIELDS.every(
    (field) => scope[field] === undefined || (field === 'environment' && scope[field] === environment),
  )
}
