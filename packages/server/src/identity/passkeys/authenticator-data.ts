import { createHash } from 'node:crypto'
import { refused, type Refused } from './faults.ts'
import type { RelyingParty } from './relying-party.ts'

/** The layout of authenticator data (WebAuthn Level 3 section 6.1): RP ID hash, flags, counter. */
const FLAGS_OFFSET = 32
const COUNTER_OFFSET = 33
const BYTES_MIN = 37

const FLAG = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10 } as const

export interface AuthenticatorData {
  readonly ok: true
  readonly signCount: number
  /** Whether the passkey can be copied to other devices. It never changes. */
  readonly backupEligible: boolean
}

/**
 * Reads authenticator data, and refuses data of another relying party, or of a user who was not present and verified
 * (WebAuthn Level 3 sections 7.1 and 7.2). It has no option that skips the
 * verification of the user: a passkey counts as two factors because of it.
 */
export function readAuthenticatorData(
  bytes: Uint8Array,
  relyingParty: RelyingParty,
): AuthenticatorData | Refused {
  if (bytes.length < BYTES_MIN) return refused('malformed')
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const hash = createHash('sha256').update(relyingParty.id).digest()
  if (!hash.equals(data.subarray(0, FLAGS_OFFSET))) return refused('wrong_relying_party')
  const flags = data.readUInt8(FLAGS_OFFSET)
  const has = (flag: keyof typeof FLAG) => (flags & FLAG[flag]) !== 0
  if (!has('userPresent')) return refused('user_not_present')
  if (!has('userVerified')) return refused('user_not_verified')
  const backupEligible = has('backupEligible')
  if (has('backedUp') && !backupEligible) return refused('malformed')
  return { ok: true, signCount: data.readUInt32BE(COUNTER_OFFSET), backupEligible }
}
