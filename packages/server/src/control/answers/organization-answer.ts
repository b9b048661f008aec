import type { z } from 'zod'
import type { NewOrganization } from '../../app/organizations/new-organization.ts'
import type { organization, organizationCreated } from '../../contract/organizations.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import { keyAnswer } from './key-answer.ts'
import { timestampAnswer } from './timestamp.ts'

export function organizationAnswer({
  slug,
  name,
  color,
  onLeak,
  ownerMails,
  createdAtMs,
}: OrganizationRow): z.output<typeof organization> {
  return { slug, name, color, onLeak, ownerMails: [...ownerMails], createdAt: timestampAnswer(createdAtMs) }
}

/** A new organization with the key of its owner. */
export function newOrganizationAnswer({
  result,
  atMs,
}: {
  readonly result: NewOrganization
  readonly atMs: number
}): z.output<typeof organizationCreated> {
  return {
    organization: organizationAnswer(result.organization),
    key: keyAnswer(result.key, atMs),
    token: result.token,
  }
}
