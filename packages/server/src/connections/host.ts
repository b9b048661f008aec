import { isIPv6 } from 'node:net'

/** Characters of host names and IPv4 addresses. */
const NAME = /^[\w.~-]+$/
/** A port after its colon; it may be empty (RFC 3986 section 3.2.3). */
const PORT = /^\d{0,5}$/
const PORT_MAX = 65_535

/**
 * Whether a text is a host with an optional port (RFC 9110 section 7.2). The grammar also allows percent-encoding and
 * characters such as `'` and `,`. No host has them, and not everything behind a gateway expects them, so they are refused.
 */
export function isHost(text: string): boolean {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : text.indexOf(':')
  const name = end < 0 ? text : text.slice(0, end)
  const isName = name.startsWith('[') ? isIPv6(name.slice(1, -1)) && !name.includes('%') : NAME.test(name)
  if (!isName || end < 0 || end === text.length) return isName
  const port = text.slice(end + 1)
  return text[end] === ':' && PORT.test(port) && Number(port) <= PORT_MAX
}
