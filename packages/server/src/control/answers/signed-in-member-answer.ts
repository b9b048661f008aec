import type { z } from 'zod'
import type { signedInMember } from '../../contract/people/sessions.ts'
import type { PersonRow } from '../../store/port/people/people.ts'

/** A person as they may see themselves. */
export function signedInMemberAnswer({ id, email, name }: PersonRow): z.input<typeof signedInMember> {
  return { id, email, name }
}
