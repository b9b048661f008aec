import { SallyportError } from '@sallyport/sdk'
import { hasCode, isUnreachable } from '../../../data/failures.ts'

/** Why a link was not opened. */
export type Refusal =
  | { readonly kind: 'opened' | 'expired' | 'withdrawn'; readonly endedAt: string }
  | { readonly kind: 'wrong' | 'off' | 'elsewhere' | 'busy' | 'unreachable' }

/** The secret of a whole link. */
const SECRET = /^[0-9A-Za-z]{32}$/

export function isWholeSecret(secret: string): boolean {
  return SECRET.test(secret)
}

/** The refusal of a link; undefined for a failure that is none. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (isUnreachable(error)) return { kind: 'unreachable' }
  if (!(error instanceof SallyportError)) return undefined
  const { state, endedAt } = error.problem
  if (hasCode(error, 'link_invalid') && typeof endedAt === 'string') {
    if (state === 'opened' || state === 'expired' || state === 'withdrawn') return { kind: state, endedAt }
  }
  if (hasCode(error, 'link_invalid', 'invalid_request')) return { kind: 'wrong' }
  if (hasCode(error, 'conflict')) return { kind: 'off' }
  if (hasCode(error, 'address_not_allowed')) return { kind: 'elsewhere' }
  return error.status === 429 ? { kind: 'busy' } : undefined
}
