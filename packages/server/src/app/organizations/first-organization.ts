import { permits } from '@sallyport/core'
import type { OrganizationReader } from '../../store/port/organizations.ts'
import type { Actor } from '../access/context.ts'

/**
 * Whether the actor runs this installation: an owner of the organization that set-up created, with a key that is not
 * limited to an environment.
 */
export async function runsInstallation(organizations: OrganizationReader, actor: Actor): Promise<boolean> {
  if (!permits(actor.grants, 'organization.write', {})) return false
  const first = await organizations.first()
  return first?.slug === actor.organization
}
