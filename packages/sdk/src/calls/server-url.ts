/**
 * The URL of a server without a trailing slash, so that a path can follow.
 *
 * @param server names the server in the error, such as `management API`
 * @throws TypeError if it is not a URL of HTTP
 */
export function serverUrl(url: string, server: string): string {
  const { protocol, origin, pathname } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new TypeError(`The URL of the ${server} must begin with https:// or http://`)
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`
}
