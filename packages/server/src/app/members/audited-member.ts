import type { NamedMemberRow } from '../../store/port/people/members.ts'

/** A member in the audit log. */
export function auditedMember({
  id,
  email,
  name,
  roles,
}: Pick<NamedMemberRow, 'id' | 'email' | 'name' | 'roles'>): Record<string, unknown> {
  return { id, email, name, roles }
}
