import { timingSafeEqual } from 'node:crypto'
import { HOTP, Secret, TOTP } from 'otpauth'

/** What every authenticator app supports, and what the Key URI Format has as its defaults. */
const ALGORITHM = 'SHA1'
const DIGITS = 6
const STEP_SECONDS = 30
/** 160 bits, the length that RFC 4226 section 4 (R6) recommends. */
const SECRET_BYTES = 20
/** RFC 6238 section 5.2 recommends one step of delay; another one is for a phone whose clock is fast. */
const TOLERATED_STEPS = 1
/** Before every step. */
const NO_STEP = -1

/** The time step of an instant (RFC 6238 section 4.2). */
function stepAt(nowMs: number): number {
  return TOTP.counter({ period: STEP_SECONDS, timestamp: nowMs })
}

/**
 * Makes the secret that the server shares with an authenticator app.
 *
 * @param randomBytes returns `count` cryptographically random bytes
 * @returns 20 bytes in base32 (RFC 4648 section 6), as a person types it into the app
 */
export function newTotpSecret(randomBytes: (count: number) => Uint8Array): string {
  return new Secret({ buffer: Uint8Array.from(randomBytes(SECRET_BYTES)).buffer }).base32
}

/** The `otpauth://` URI of a secret, for a QR code that authenticator apps scan. */
export function totpUri(secret: string, email: string): string {
  return new TOTP({
    issuer: 'Sallyport',
    label: email,
    secret,
    algorithm: ALGORITHM,
    digits: DIGITS,
    period: STEP_SECONDS,
  }).toString()
}

/**
 * Verifies a code of six digits (RFC 6238) with one time step of tolerance on either side. A code is accepted once
 * (section 5.2): the caller stores the returned step as the next `lastStep`.
 *
 * @param secret base32
 * @param lastStep the step of the last accepted code, or null if there was none
 * @returns the time step of the code, or null if the code is wrong, too old, too new or used already
 */
export function acceptedStep(
  { secret, lastStep }: { readonly secret: string; readonly lastStep: number | null },
  code: string,
  nowMs: number,
): number | null {
  // The length in bytes must be right as well: other digits than ASCII ones take more than one.
  const typed = Buffer.from(code)
  if (typed.length !== DIGITS) return null
  const current = stepAt(nowMs)
  const key = Secret.fromBase32(secret)
  let accepted = NO_STEP
  // Each step takes the same time. If several have this code, the last one counts, or the code could be used again.
  for (let counter = current - TOLERATED_STEPS; counter <= current + TOLERATED_STEPS; counter += 1) {
    const expected = HOTP.generate({ secret: key, algorithm: ALGORITHM, digits: DIGITS, counter })
    if (timingSafeEqual(Buffer.from(expected), typed)) accepted = counter
  }
  return accepted > (lastStep ?? NO_STEP) ? accepted : null
}
