import type { ExternalKey } from '@sallyport/sdk'
import type { ExternalKeysSearch, STATUSES } from './search.ts'

/** What an external key is called: its label, or the id of its key. */
export function nameOf({ label, keyId }: Pick<ExternalKey, 'label' | 'keyId'>): string {
  return label ?? keyId
}

/** How an external key stands: it works, its owner has ended it, or we have switched it off. */
export function statusOf({
  status,
  reason,
}: Pick<ExternalKey, 'status' | 'reason'>): (typeof STATUSES)[number] {
  if (status === 'active') return 'active'
  return reason === 'switched_off_here' ? 'off' : 'refused'
}

/** Whether the list shows an external key. The server lists all of them, so the page filters. */
export function fits(key: ExternalKey, { search, owner, role, status }: ExternalKeysSearch): boolean {
  if (owner !== undefined && key.owner.slug !== owner) return false
  if (role !== undefined && !key.roles.includes(role)) return false
  if (status !== undefined && statusOf(key) !== status) return false
  if (search === undefined) return true
  const text = search.toLowerCase()
  return [key.label ?? '', key.keyId, key.owner.slug, key.owner.name].some((each) =>
    each.toLowerCase().includes(text),
  )
}
