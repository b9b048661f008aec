import type { Remedy } from '../../texts/refusals.ts'
import { t } from '../../texts/texts.ts'

/** Why a request ended with a code, and what to do about it. */
export function remedyOf(code: string): Remedy {
  return t.refusals[code] ?? t.ownRefusal
}
