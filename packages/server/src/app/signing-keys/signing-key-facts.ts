import type { SigningKeyRow } from '../../store/port/signing-keys.ts'

/**
 * The most signing keys of one environment, including keys that only verify. All are published, and all are tried if a
 * token names none.
 */
export const SIGNING_KEYS_PER_ENVIRONMENT_MAX = 8

/** A signing key without its sealed private key. */
export type SigningKeyFacts = Omit<SigningKeyRow, 'sealedPrivateJwk'>

/** One key of an environment signs; earlier keys still verify until their overlap ends. */
export type SigningKeyState = 'signing' | 'verifying' | 'retired'

export function signingKeyFacts(row: SigningKeyRow): SigningKeyFacts {
  const { sealedPrivateJwk: _sealed, ...facts } = row
  return facts
}

/** A key no longer verifies at `verifiesUntilMs` itself, like JWT "exp" (RFC 7519 section 4.1.4). */
export function signingKeyState(
  { verifiesUntilMs }: Pick<SigningKeyRow, 'verifiesUntilMs'>,
  nowMs: number,
): SigningKeyState {
  if (verifiesUntilMs === null) return 'signing'
  return nowMs < verifiesUntilMs ? 'verifying' : 'retired'
}

/** A signing key in the audit log. */
export function auditedSigningKey(row: SigningKeyFacts): Record<string, unknown> {
  const { environment, id, algorithm, verifiesUntilMs } = row
  return { environment, id, algorithm, verifiesUntilMs }
}
