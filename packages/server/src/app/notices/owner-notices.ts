import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Reader } from '../../store/port/store.ts'
import { nameOfActor } from './actor-name.ts'
import { notify, type NoticeContext } from './notify.ts'
import { ownersOf } from './owners.ts'

export interface NewOwner {
  readonly organization: string
  readonly owner: Pick<PersonRow, 'id' | 'email' | 'name'>
  /** The id of the person or key that gave the role. */
  readonly givenBy: string
}

/** What is told of a new owner, and to whom. */
export interface OwnerNotices {
  readonly organization: OrganizationRow
  readonly owner: NewOwner['owner']
  /** The e-mail addresses of the other owners. */
  readonly others: readonly string[]
  /** The name of the person or key that gave the role. */
  readonly by: string
}

/**
 * Reads what to tell of a new owner. Call it in the transaction: once a change is made, nothing that is read for its
 * notices may fail the request.
 *
 * @returns undefined if the installation sends no mails
 */
export async function ownerNotices(
  readers: Pick<Reader, 'organizations' | 'members' | 'people' | 'keys'>,
  { mails }: Pick<NoticeContext, 'mails'>,
  { organization: slug, owner, givenBy }: NewOwner,
): Promise<OwnerNotices | undefined> {
  if (mails === null) return undefined
  const organization = await readers.organizations.get(slug)
  if (organization === undefined) return undefined
  const others = (await ownersOf(readers, slug)).filter(({ id }) => id !== owner.id)
  const by = await nameOfActor(readers, slug, givenBy)
  return { organization, owner, others: others.map(({ email }) => email), by }
}

/** Tells a new owner of an organization, and its other owners, by mail. Call it after the transaction. */
export function notifyOfOwner(context: NoticeContext, notices: OwnerNotices | undefined): void {
  if (notices === undefined) return
  const { organization, owner, others, by } = notices
  notify(context, owner.email, { about: 'made-owner', organization, by })
  for (const email of others)
    notify(context, email, { about: 'new-owner', organization, owner: owner.name, by })
}
