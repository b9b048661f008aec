/** What a step tells its upstream about the request of the caller. */
export interface Forwarding {
  /** Whether the host that the caller has addressed is sent as `Host`. */
  readonly preservesHost: boolean
  /** Whether the beginning of the caller's path is sent that the upstream does not get. */
  readonly sendsPrefix: boolean
}

export const PREFIX_HEADER = 'x-forwarded-prefix'
const PREFIX_CHARS_MAX = 2048
const PREFIX = /^\/[!-~]*$/

/** @returns null for a step that says nothing about it */
export function forwardingOf(step: {
  readonly preserveHost?: boolean
  readonly forwardedPrefix?: boolean
}): Forwarding | null {
  const { preserveHost = false, forwardedPrefix = false } = step
  return preserveHost || forwardedPrefix
    ? { preservesHost: preserveHost, sendsPrefix: forwardedPrefix }
    : null
}

/**
 * The beginning of the caller's path that is not part of the upstream's, without a final slash.
 *
 * @param path the whole path of the caller, as received
 * @param target path and query for the upstream
 * @param before the prefix that a trusted proxy has stated
 * @returns undefined if there is none: the caller's path does not end with that of the upstream
 */
export function prefixOf(path: string, target: string, before?: string): string | undefined {
  const end = target.indexOf('?')
  const rest = end < 0 ? target : target.slice(0, end)
  if (rest !== '/' && !path.endsWith(rest)) return undefined
  const stated =
    before !== undefined && before.length <= PREFIX_CHARS_MAX && PREFIX.test(before) ? before : ''
  const own = rest === '/' ? path.replace(/\/$/, '') : path.slice(0, path.length - rest.length)
  const prefix = `${stated.replace(/\/$/, '')}${own}`
  return prefix === '' ? undefined : prefix
}
