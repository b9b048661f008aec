import {
  BUILT_IN_ROLES,
  isKeyId,
  type KeyId,
  type Permission,
  type Target,
  TARGET_FIELDS,
} from '@sallyport/core'
import type { OperationContext } from './context.ts'
import { invalidRequest, type FieldError } from '../refusals.ts'

type Reading = Pick<OperationContext, 'actor' | 'store'>

/** The names and ids in the filters of a list. */
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
 * Refuses filters that name unknown resources: an empty list would look as if nothing matched. Call it only for an empty
 * list, so that the history of a removed resource is still found.
 *
 * @param permission of the list: a resource that the actor may not see by it gets the same answer as one that does not
 *   exist
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
    const isKnown =
      target !== undefined &&
      seesPartOf(context, organization, permission, target) &&
      (await isInPortal(context, name as keyof NamedFilters, value))
    if (isKnown) continue
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

/** Whether a portal session may know of a resource: what its consumer has and may call. True for other actors. */
async function isInPortal(
  { actor: { portal }, store: { read } }: Reading,
  name: keyof NamedFilters,
  value: string,
): Promise<boolean> {
  if (portal === undefined) return true
  const { organization, environment, consumer } = portal
  if (name === 'pipeline') {
    const row = await read.consumers.get(organization, consumer)
    if (row?.pipelines.includes(value) === true) return true
    const project = (await read.pipelines.get(organization, value))?.project
    if (project === undefined || row?.projects.includes(project) !== true) return false
    // By its project, it knows what it can call, and nothing that is not live yet.
    const { items } = await read.deployments.list(
      organization,
      { limit: 1 },
      { environment, pipeline: value },
    )
    return items.length > 0
  }
  if (name === 'key') return (await read.keys.get(organization, value as KeyId))?.consumer === consumer
  return true
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
    if (!isKeyId(id)) return undefined
    const row = await read.keys.get(organization, id)
    if (row !== undefined) return row.environment === null ? {} : { environment: row.environment }
    // Keys of partners use pipelines too.
    return (await read.externalKeys.find(organization, id)) && {}
  },
}
