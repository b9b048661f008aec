import type { Permission } from '../access/permissions.ts'
import { type Branded, parserOf } from '../fields/parsed.ts'

/** What a portal session can allow a consumer's people to do, each under the permission that its issuer must have. */
export const PORTAL_SCOPES = [
  'keys.read',
  'keys.create',
  'keys.roll',
  'keys.delete',
  'usage.read',
] as const satisfies readonly Permission[]

/** One thing that a portal session allows. */
export type PortalScope = (typeof PORTAL_SCOPES)[number]

/** How long a portal session lasts, in seconds. */
export type PortalSeconds = Branded<number, 'PortalSeconds'>

export const PORTAL_SECONDS_MIN = 60
/** The longest portal session, in seconds: 24 hours. */
export const PORTAL_SECONDS_MAX = 86_400
export const PORTAL_SECONDS_DEFAULT = 3600
/** The most portal sessions of one consumer that have not ended, opened or not. */
export const PORTAL_SESSIONS_PER_CONSUMER_MAX = 100

export const parsePortalSeconds = parserOf<number, 'PortalSeconds'>(
  (value) => Number.isInteger(value) && value >= PORTAL_SECONDS_MIN && value <= PORTAL_SECONDS_MAX,
  `A portal session lasts a whole number of seconds from ${PORTAL_SECONDS_MIN} to ${PORTAL_SECONDS_MAX}.`,
)
