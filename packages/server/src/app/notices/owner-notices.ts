import type { Store } from '../../store/port/store.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import { OWNER } from '../access/last-owner.ts'
import { notify, type NoticeContext } from './notify.ts'

const PAGE_ROWS = 200

export interface NewOwner {
  readonly organization: string
  readonly owner: Pick<PersonRow, 'id' | 'email' | 'name'>
  /** The name of the person or key that gave the role. */
  readonly by: string
}

/** Tells a new owner of an organization, and its other owners, by mail. Call it after the transaction. */
export async function notifyOfOwner(
  context: NoticeContext & { readonly store: Pick<Store, 'read'> },
  { organization: slug, owner, by }: NewOwner,
): Promise<void> {
  if (context.mails === null) return
  const { organizations, members } = context.store.read
  const organization = await organizations.get(slug)
  if (organization === undefined) return
  notify(context, owner.email, { about: 'made-owner', organization, by })
  let cursor: string | undefined
  do {
    const page = await members.list(slug, { limit: PAGE_ROWS, cursor })
    for (const { id, email, roles } of page.items) {
      if (id === owner.id || !roles.includes(OWNER)) continue
      notify(context, email, { about: 'new-owner', organization, owner: owner.name, by })
    }
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}
