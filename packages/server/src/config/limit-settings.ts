import { LIMITS_MODES, type LimitsMode } from './config.ts'
import { hasSplitPassword, withoutPassword } from './database-url.ts'
import { quoted, SettingError } from './setting-values.ts'

const PROTOCOL = /^(?:redis|rediss|valkey|valkeys):$/
/** Whether a URL of a store asks for TLS. */
export function isTlsStore(url: string): boolean {
  return /^(?:rediss|valkeys):/i.test(url)
}

/** Nothing, or the number of a database. */
const PATH = /^\/?\d{0,4}$/

/** The URL of the store of limits. Messages never contain its password. */
export function parseLimitsUrl(text: string): string {
  const url = URL.parse(text)
  if (url !== null && PROTOCOL.test(url.protocol) && hasSplitPassword(url)) {
    throw new SettingError(
      'The value is not a valid URL. If the password contains "/", "?", "#" or "@", percent-encode these characters.',
    )
  }
  const isComplete = url !== null && PROTOCOL.test(url.protocol) && url.hostname !== ''
  if (!isComplete || !PATH.test(url.pathname) || url.search !== '' || url.hash !== '' || !isDecodable(url)) {
    throw new SettingError(
      `${withoutPassword(text) ?? 'The value'} is not the URL of a Valkey or Redis server. ` +
        'Use redis://user:password@host:6379/0, with valkey:// for the same, and rediss:// or valkeys:// for TLS.',
    )
  }
  return text
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

export function parseLimitsMode(text: string): LimitsMode {
  const mode = LIMITS_MODES.find((one) => one === text)
  if (mode === undefined) {
    throw new SettingError(`${quoted(text)} is not a mode of limits. Use one of: ${LIMITS_MODES.join(', ')}.`)
  }
  return mode
}

export const LIMITS_WAIT_MS_DEFAULT = 50
/** A store in the same machine room answers within 1 ms, but a process can be busy for some. */
const WAIT_MS_MIN = 5
const WAIT_MS_MAX = 5_000

/** How long an answer of the store is waited for, in ms. */
export function parseLimitsWait(text: string): number {
  const waitMs = /^\d{1,4}$/.test(text) ? Number(text) : -1
  if (waitMs < WAIT_MS_MIN || waitMs > WAIT_MS_MAX) {
    throw new SettingError(
      `${quoted(text)} is not valid. Use a whole number of milliseconds from ${WAIT_MS_MIN} to ${WAIT_MS_MAX}.`,
    )
  }
  return waitMs
}
