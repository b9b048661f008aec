import type { ImportRow } from '../../store/port/keys/imports.ts'
import type { Actor, ActorReaders } from '../access/actor.ts'
import { creatorNow } from '../access/creator.ts'

/**
 * Reads what the creator of an import may do now. The import acts in its name.
 *
 * @returns undefined if the creator may no longer act in the organization
 */
export async function importActor(
  readers: ActorReaders,
  row: ImportRow,
  nowMs: number,
): Promise<Actor | undefined> {
  const creator = await creatorNow(readers, row, nowMs)
  if (creator === undefined) return undefined
  const { organization, createdBy: id, confirmedAtMs } = row
  const { grants, bounds, key, roles } = creator
  const rights: Pick<Actor, 'organizations' | 'grantsIn' | 'rolesIn'> = {
    organizations: [organization],
    grantsIn: (asked) => (asked === organization ? grants : undefined),
    rolesIn: (asked) => (asked === organization ? roles : []),
  }
  return key === null
    ? { ...rights, kind: 'member', id, confirmedAtMs: confirmedAtMs ?? 0 }
    : { ...rights, kind: key.external === null ? 'key' : 'external-key', id, bounds }
}
