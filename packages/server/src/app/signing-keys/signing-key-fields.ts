import type { SigningKeyRow } from '../../store/port/signing-keys.ts'

/**
 * The most signing keys of one environment, those that only verify included: each is published, and looked through
 * where a token names none.
 */
export const SIGNING_KEYS_PER_ENVIRONMENT_MAX = 8

/** A signing key as it may be shown: without its private half, sealed as that is. */
export type SigningKeyFacts = Omit<SigningKeyRow, 'sealedPrivateJwk'>

/** One key of an environment signs. What others have signed is accepted for a while, and then no more. */
export type SigningKeyState = 'signing' | 'verifying' | 'retired'

export function signingKeyFacts(row: SigningKeyRow): SigningKeyFacts {
  const { sealedPrivateJwk: _sealed, ...facts } = row
  return facts
}

/** The instant at which a key stops verifying is already outside its time, as with JWT "exp" (RFC 7519 section 4.1.4). */
export function signingKeyState(
  { verifiesUntilMs }: Pick<SigningKeyRow, 'verifiesUntilMs'>,
  nowMs: number,
): SigningKeyState {
  if (verifiesUntilMs === null) return 'signing'
  return nowMs < verifiesUntilMs ? 'verifying' : 'retired'
}

/** A signing key as the audit log shows it. */
export function auditedSigningKey(row: SigningKeyFacts): Record<string, unknown> {
  const { environment, id, algorithm, verifiesUntilMs } = row
  return { environment, id, algorithm, verifiesUntilMs }
}
