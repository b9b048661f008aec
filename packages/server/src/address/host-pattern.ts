import { domainToASCII } from 'node:url'
import { HOST_PATTERN_LABELS_MAX } from '@sallyport/core'

const NAME_CHARS_MAX = 253
/** RFC 1123 section 2.1. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** A last label that URL parsers take for the end of an IPv4 address (WHATWG URL section 3.5). */
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/
/** ASCII that no name has. A URL parser would end the host at some of it. */
const NEVER_IN_NAMES = /[^a-z0-9.\u0080-\u{10ffff}-]/iu
const WILDCARD = '*.'

const NO_HOST =
  'Use a host name such as orders.example.com, or a pattern such as *.example.com for all hosts below it. An IP address is neither.'
const WIDE_PATTERN =
  'A pattern has one "*" as its first label, before a name of at least two labels or localhost, such as *.example.com.'
const LONG_PATTERN = `A pattern has at most ${HOST_PATTERN_LABELS_MAX} labels after its "*". Use a shorter one, or the host itself.`

/**
 * Why a text is no host name, and no pattern such as `*.example.com`, in the form in which hosts are compared: in lower case, in
 * ASCII (RFC 5890 section 2.3.2.1), without a port and a final dot. Undefined if it is one.
 *
 * @returns a sentence, which names the right form if there is one
 */
export function hostPatternProblem(text: string): string | undefined {
  const isPattern = text.startsWith(WILDCARD)
  const name = isPattern ? text.slice(WILDCARD.length) : text
  if (name.includes('*')) return WIDE_PATTERN
  const comparable = comparableName(name)
  if (comparable === undefined) return NO_HOST
  if (isPattern && !comparable.includes('.') && comparable !== 'localhost') return WIDE_PATTERN
  if (isPattern && comparable.split('.').length > HOST_PATTERN_LABELS_MAX) return LONG_PATTERN
  if (comparable === name) return undefined
  const right = `${isPattern ? WILDCARD : ''}${comparable}`
  return `Write this host as ${right}: in lower case and ASCII, without a scheme, a port, a path and a final dot.`
}

/** The form of a name in which it is compared; undefined if the text is not the name of a host. */
function comparableName(text: string): string | undefined {
  if (text.length > 2 * NAME_CHARS_MAX) return undefined
  const bare = text
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
  if (NEVER_IN_NAMES.test(bare)) return undefined
  const name = domainToASCII(bare)
  if (name === '' || name.length > NAME_CHARS_MAX) return undefined
  const labels = name.split('.')
  return labels.every((label) => LABEL.test(label)) && !NUMBER.test(labels.at(-1) ?? '') ? name : undefined
}
