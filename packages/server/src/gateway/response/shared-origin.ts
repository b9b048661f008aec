/**
 * Response headers that a browser or a proxy applies beyond the response, such as to its whole origin, in lower case.
 * `Set-Cookie` is treated apart.
 */
const OF_THE_ORIGIN: ReadonlySet<string> = new Set([
  'accept-ch',
  'activate-storage-access',
  'alt-svc',
  'attribution-reporting-register-source',
  'attribution-reporting-register-trigger',
  'clear-site-data',
  'critical-ch',
  'expect-ct',
  'nel',
  'observe-browsing-topics',
  'origin-agent-cluster',
  'public-key-pins',
  'public-key-pins-report-only',
  'report-to',
  'sec-session-registration',
  'secure-session-registration',
  'service-worker-allowed',
  'set-cookie2',
  'set-login',
  'shared-storage-write',
  'strict-transport-security',
  'use-as-dictionary',
  'x-permitted-cross-domain-policies',
  // Orders to the proxy in front, which environments share too: it would send a file of its own.
  'x-accel-redirect',
  'x-lighttpd-send-file',
  'x-reproxy-url',
  'x-sendfile',
  'x-sendfile2',
])

/** A cookie whose name promises the path `/` and this host alone (RFC 6265bis section 4.1.3). */
const HOST_COOKIE = /^\s*__host(?:-http)?-/i

/**
 * Keeps a response within its environment. Environments without a host of their own share one origin, and no organization may
 * change how browsers treat the others: headers for the whole origin are dropped, and a cookie is sent back to the
 * environment's own paths only.
 *
 * @param headers alternating names and values
 * @param path the path of the environment, such as `/acme/prod`
 */
export function keepWithin(headers: readonly string[], path: string): string[] {
  const kept: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const rawName = headers[index] ?? ''
    const value = headers[index + 1] ?? ''
    const name = rawName.toLowerCase()
    if (OF_THE_ORIGIN.has(name)) continue
    if (name !== 'set-cookie') kept.push(rawName, value)
    else if (!HOST_COOKIE.test(value)) kept.push(rawName, cookieWithin(value, path))
  }
  return kept
}

/** Browsers ignore a longer attribute (RFC 6265bis section 5.6). */
const PATH_CHARS_MAX = 1_024

/** A cookie without `Domain`, and with a `Path` in the environment. Of repeated attributes, browsers use the last. */
function cookieWithin(cookie: string, path: string): string {
  const [pair = '', ...attributes] = cookie.split(';')
  let own = path
  const others = attributes.filter((attribute) => {
    const equals = attribute.indexOf('=')
    const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? '' : attribute.slice(equals + 1).trim()
    if (name === 'path') {
      const isWithin = value === path || value.startsWith(`${path}/`)
      own = isWithin && value.length <= PATH_CHARS_MAX ? value : path
    }
    return name !== 'path' && name !== 'domain'
  })
  return [pair, ...others, ` Path=${own}`].join(';')
}
