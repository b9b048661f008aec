import type { z } from 'zod'
import type { FoundedOrganization } from '../../app/organizations/new-organization.ts'
import type { organization, organizationCreated } from '../../contract/organizations.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import { keyAnswer } from './key-answer.ts'
import { momentAnswer } from './timestamp.ts'

export function organizationAnswer({
  slug,
  name,
  createdAtMs,
}: OrganizationRow): z.output<typeof organization> {
  return { slug, name, createdAt: momentAnswer(createdAtMs) }
}

/** A new organization with its owner's key. */
export function foundedAnswer({
  made,
  atMs,
}: {
  readonly made: FoundedOrganization
  readonly atMs: number
}): z.output<typeof organizationCreated> {
  return {
    organization: organizationAnswer(made.organization),
    key: keyAnswer(made.key, atMs),
    token: made.token,
  }
}
