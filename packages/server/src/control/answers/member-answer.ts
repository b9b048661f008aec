import type { z } from 'zod'
import type { signedInMember } from '../../contract/sessions.ts'
import type { PersonRow } from '../../store/port/people.ts'

/** A person as they may see themselves. */
export function memberAnswer({ id, email, name }: PersonRow): z.input<typeof signedInMember> {
  return { id, email, name }
}
