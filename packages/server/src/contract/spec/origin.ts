/** Schemes of URLs whose pages have no origin of their own (WHATWG URL section 4.7), or none that browsers send. */
const NEVER_SENT: ReadonlySet<string> = new Set(['file:', 'ftp:', 'ws:', 'wss:', 'blob:', 'data:', 'about:'])

const NO_ORIGIN =
  'Use an origin such as https://app.example.com, a pattern such as https://*.example.com, or "*".'
const NO_PATTERN =
  'Use a pattern such as https://*.example.com: http or https, and one "*" before a host of at least two labels, or before localhost.'

/**
 * Why a text is no origin that a browser sends (WHATWG HTML section 7.1.1, "serialization of an origin"), as a sentence. Origins
 * are compared as texts, so any other form would never match.
 */
export function originProblem(text: string): string | undefined {
  return text.includes('*') ? patternProblem(text) : exactProblem(text)
}

/** The label that stands for the `*` of a pattern. It is one that browsers write unchanged. */
const LABEL = 'a'

/**
 * Why a text is no pattern of origins. A host of one label would open the pipeline to all pages of a top-level domain; which other
 * hosts are shared by many owners, such as github.io, cannot be known here.
 */
function patternProblem(text: string): string | undefined {
  const [scheme = '', rest, more] = text.split('://*.')
  if (rest === undefined || more !== undefined || rest.includes('*')) return NO_PATTERN
  if (scheme.toLowerCase() !== 'http' && scheme.toLowerCase() !== 'https') return NO_PATTERN
  const labels = rest.replace(/:\d*$/, '').replace(/\.$/, '').split('.')
  if (labels.length < 2 && labels[0] !== 'localhost') return NO_PATTERN
  const problem = exactProblem(`${scheme}://${LABEL}.${rest}`)
  return problem === NO_ORIGIN ? NO_PATTERN : problem?.replace(`://${LABEL}.`, '://*.')
}

function exactProblem(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.host === '' || NEVER_SENT.has(url.protocol)) return NO_ORIGIN
  const sent = `${url.protocol}//${url.host}`
  if (sent === text) return undefined
  const isOnlyOrigin = url.pathname.length < 2 && url.search + url.hash + url.username + url.password === ''
  return isOnlyOrigin ? `Browsers send this origin as ${sent}. Use that.` : NO_ORIGIN
}
