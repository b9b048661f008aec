/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly label: string
  /** Base64 without spaces. */
  readonly content: string
}

/** The most characters of a PEM text in a spec: a dozen certificates. */
export const PEM_CHARS_MAX = 32_768
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END ([A-Z0-9 ]{1,40})-----/g
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const LINE_CHARS = 64

/**
 * Reads PEM. Line breaks can be missing, be spaces, or be written as `\n`: a secret and many forms have one line only. Text around
 * the blocks is ignored, as RFC 7468 section 5.2 asks.
 *
 * @returns the blocks; none for a text in which one is broken
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = []
  for (const [, label = '', body = '', end] of text.matchAll(BLOCK)) {
    const content = body.replace(/\\[rn]|\s/g, '')
    if (end !== label || !BASE64.test(content)) return []
    blocks.push({ label, content })
  }
  const begun = text.split('-----BEGIN ').length - 1
  return begun === blocks.length ? blocks : []
}

/** Writes a block as text with line breaks. */
export function pemText({ label, content }: PemBlock): string {
  const lines = content.match(new RegExp(`.{1,${LINE_CHARS}}`, 'g')) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
