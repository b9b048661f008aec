import type { Grant } from '@sallyport/core'
import type { Actor } from '../access/actor.ts'

/** A person with these grants, by organization, who belongs to no other organization. */
export function member(grants: Readonly<Record<string, readonly Grant[]>>, more: Partial<Actor> = {}): Actor {
  const organizations = Object.keys(grants)
  return {
    kind: 'member',
    id: 'mem_1',
    confirmedAtMs: Infinity,
    organizations,
    grantsIn: (organization) => grants[organization],
    rolesIn: () => [],
    ...more,
  }
}
