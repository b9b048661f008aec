import type { Permission } from '../access/permissions.ts'
import { type Branded, type Parsed, parserOf } from '../fields/parsed.ts'

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
/** Where the page of a portal session leads back to. */
export type ReturnUrl = Branded<string, 'ReturnUrl'>

export const PORTAL_SECONDS_MIN = 60
/** The longest portal session, in seconds: 24 hours. */
export const PORTAL_SECONDS_MAX = 86_400
export const PORTAL_SECONDS_DEFAULT = 3600
export const RETURN_URL_CHARS_MAX = 2048
/** The most portal sessions of one consumer that have not ended, opened or not. */
export const PORTAL_SESSIONS_PER_CONSUMER_MAX = 100

export const parsePortalSeconds = parserOf<number, 'PortalSeconds'>(
  (value) => Number.isInteger(value) && value >= PORTAL_SECONDS_MIN && value <= PORTAL_SECONDS_MAX,
  `A portal session lasts a whole number of seconds from ${PORTAL_SECONDS_MIN} to ${PORTAL_SECONDS_MAX}.`,
)

const parseReturnTarget = parserOf<string, 'ReturnUrl'>(
  isReturnUrl,
  `A return URL is an https URL without a password, of at most ${RETURN_URL_CHARS_MAX} printable ASCII characters. Plain http is allowed only for localhost, 127.0.0.1 and [::1].`,
)

/** Parses the URL of the link with which people leave the portal. */
export function parseReturnUrl(text: string): Parsed<ReturnUrl> {
  return parseReturnTarget(text)
}

/** The hosts of this machine, as the WHATWG URL parser writes them. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

// A browser drops tabs and line ends from a URL, and reads "\" as "/", so the text that is checked must have none of them.
function isReturnUrl(text: string): boolean {
  if (text.length > RETURN_URL_CHARS_MAX || !/^https?:\/\/[!-[\]-~]+$/.test(text)) return false
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || LOOPBACK.test(hostname)
}
