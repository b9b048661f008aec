/** Schemes of URLs whose pages have no origin of their own (WHATWG URL section 4.7), or none that browsers send. */
const NEVER_SENT: ReadonlySet<string> = new Set(['file:', 'ftp:', 'ws:', 'wss:', 'blob:', 'data:', 'about:'])

const NO_ORIGIN = 'Use an origin such as https://app.example.com, or "*".'

/**
 * Why a text is no origin that a browser sends (WHATWG HTML section 7.1.1, "serialization of an origin"), as a sentence. Origins
 * are compared as texts, so any other form would never match.
 */
export function originProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.host === '' || url.host.includes('*') || NEVER_SENT.has(url.protocol))
    return NO_ORIGIN
  const sent = `${url.protocol}//${url.host}`
  if (sent === text) return undefined
  const isOnlyOrigin = url.pathname.length < 2 && url.search + url.hash + url.username + url.password === ''
  return isOnlyOrigin ? `Browsers send this origin as ${sent}. Use that.` : NO_ORIGIN
}
