import { BUILT_IN_ROLES, type KeyId, type Permission, type Target, TARGET_FIELDS } from '@sallyport/core'
import type { OperationContext } from './context.ts'
import { invalidRequest, type FieldError } from '../refusals.ts'

type Reading = Pick<OperationContext, 'actor' | 'store'>

/** What the filters of a list name, by the names of the filters. */
export interface NamedFilters {
  readonly environment?: string | undefined
  readonly project?: string | undefined
  readonly pipeline?: string | undefined
  /** A consumer's id. */
  readonly consumer?: string | undefined
  readonly role?: string | undefined
  /** A key's id. */
  readonly key?: string | undefined
}

/**
 * Refuses filters that name what does not exist: an empty list would look as if nothing fitted. It is for a list that is
 * empty, so that what is gone still finds its history.
 *
 * @param permission of the list: what the actor may not see by it gets the same answer as what does not exist
 * @throws Problem `invalid_request` naming each value
 */
export async function requireKnown(
  context: Reading,
  organization: string,
  permission: Permission,
  filters: NamedFilters,
): Promise<void> {
  const errors: FieldError[] = []
  for (const [name, find] of Object.entries(FINDERS)) {
    const value = filters[name as keyof NamedFilters]
    if (value === undefined) continue
    const target = await find(context, organization, value)
    if (target !== undefined && seesPartOf(context, organization, permission, target)) continue
    errors.push({ path: `query/${name}`, message: `There is no ${name} "${value}".` })
  }
  if (errors.length > 0) throw invalidRequest(errors)
}

/** Whether the list can have something of a resource for the actor. */
function seesPartOf(
  { actor }: Reading,
  organization: string,
  permission: Permission,
  target: Target,
): boolean {
  const grants = actor.grantsIn(organization) ?? []
  return grants.some(
    (grant) =>
      grant.permission === permission &&
      TARGET_FIELDS.every(
        (field) =>
          grant[field] === undefined || target[field] === undefined || grant[field] === target[field],
      ),
  )
}

/** Where a resource is; undefined if there is none. */
type Find = (context: Reading, organization: string, value: string) => Promise<Target | undefined>

const FINDERS: Readonly<Record<keyof NamedFilters, Find>> = {
  async environment({ store: { read } }, organization, name) {
    return (await read.environments.get(organization, name)) && { environment: name }
  },
  async project({ store: { read } }, organization, name) {
    return (await read.projects.get(organization, name)) && { project: name }
  },
  async pipeline({ store: { read } }, organization, name) {
    const row = await read.pipelines.get(organization, name)
    return row && { project: row.project, pipeline: name }
  },
  async consumer({ store: { read } }, organization, id) {
    const row = await read.consumers.get(organization, id)
    return row && { environment: row.environment }
  },
  async role({ store: { read } }, organization, name) {
    if (Object.hasOwn(BUILT_IN_ROLES, name)) return {}
    return (await read.roles.get(organization, name)) && {}
  },
  async key({ store: { read } }, organization, id) {
    const row = await read.keys.get(organization, id as KeyId)
    return row && (row.environment === null ? {} : { environment: row.environment })
  },
}
