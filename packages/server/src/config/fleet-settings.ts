import { parseOrigin, SettingError } from './setting-values.ts'

const URLS_MAX = 16
const LEASE_SECONDS_MAX = 3600

/** The URLs of control nodes, separated by commas. */
export function parseControlUrls(text: string): readonly string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length > URLS_MAX) throw new SettingError(`Use at most ${URLS_MAX} URLs.`)
  return [...new Set(entries.map((entry) => parseOrigin(entry, 'tokens and credentials')))]
}

export function parseEnrolmentToken(text: string): string {
  // Never quoted: it is a secret.
  if (!/^spe_[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/.test(text)) {
    throw new SettingError(
      'The value is no enrolment token. Copy the whole token that `npm run -s admin -- enrol NAME` has printed.',
    )
  }
  return text
}

export function parseGatewayLease(text: string): number {
  const seconds = Number(text)
  if (!/^\d{1,4}$/.test(text) || seconds < 2 || seconds > LEASE_SECONDS_MAX) {
    throw new SettingError(`Use a whole number of seconds from 2 to ${LEASE_SECONDS_MAX}.`)
  }
  return seconds
}
