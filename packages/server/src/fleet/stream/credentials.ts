import { randomBytes } from 'node:crypto'
import { fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import type { FleetRole } from '../../store/port/fleet/enrolments.ts'

const SECRET_BYTES = 32
/** 32 bytes in base64url. */
const SECRET = '[A-Za-z0-9_-]{43}'
const CREDENTIAL = new RegExp(`^spg_${SECRET}$`)
const ENROLMENT_TOKEN = new RegExp(`^spe_(${SECRET})\\.${SECRET}$`)

/** The header that carries the enrolment token of a gateway which is not known yet. */
export const ENROLMENT_HEADER = 'sallyport-enrolment'
/** The header that says in which role a process runs. */
export const ROLE_HEADER = 'sallyport-role'

/** The command that makes an enrolment token for a process of a role. */
export function commandToEnrol(role: FleetRole): string {
  return `npm run -s admin -- enrol NAME${role === 'gateway' ? '' : ` --role ${role}`}`
}

/** A new credential, with which a gateway shows who it is. 256 random bits. */
export function newCredential(): string {
  return `spg_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

export function isCredential(text: string): boolean {
  return CREDENTIAL.test(text)
}

/**
 * A new token to enrol with. It names the fleet, so that a gateway takes nothing from another one.
 *
 * @param publicKey see `FleetKeys`
 */
export function newEnrolmentToken(publicKey: string): string {
  return `spe_${publicKey}.${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** The public key of the fleet that an enrolment token is of; undefined if the text is no such token. */
export function fleetOfToken(text: string): string | undefined {
  const [, publicKey] = ENROLMENT_TOKEN.exec(text) ?? []
  if (publicKey === undefined) return undefined
  try {
    fleetPublicKey(publicKey)
    return publicKey
  } catch {
    return undefined
  }
}
