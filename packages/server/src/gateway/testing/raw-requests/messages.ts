/** An HTTP/1.1 message. */
export interface Message {
  /** The first line. */
  readonly start: string
  readonly headers: readonly string[]
  /** Decoded. */
  readonly body: string
}

/** The messages at the start of a text, and what follows the last complete one. */
export interface ReadMessages {
  readonly messages: readonly Message[]
  readonly rest: string
}

/**
 * Reads messages to the letter (RFC 9112): lines end with CRLF, a body has one length or is chunked.
 *
 * @param text one character per byte
 * @param areAnswers whether they are responses: 1xx, 204 and 304 have no body
 * @param toHead whether an answer belongs to a HEAD request, by its index among the final ones
 * @throws Error for anything else
 */
export function readMessages(
  text: string,
  areAnswers: boolean,
  toHead: (index: number) => boolean = () => false,
): ReadMessages {
  const messages: Message[] = []
  let rest = text
  let finals = 0
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { messages, rest }
    const [start = '', ...headers] = rest.slice(0, end).split('\r\n')
    for (const line of [start, ...headers]) {
      if (/[\r\n\0]/.test(line))
        throw new Error(`a head has a stray control character: ${JSON.stringify(line)}`)
    }
    const status = areAnswers ? Number(start.split(' ')[1]) : 0
    const isInterim = areAnswers && status < 200
    const isEmpty = isInterim || status === 204 || status === 304 || (areAnswers && toHead(finals))
    const framing = isEmpty ? { kind: 'length' as const, length: 0 } : framingOf(headers)
    const after = rest.slice(end + 4)
    const read = framing.kind === 'chunked' ? readChunks(after) : readLength(after, framing.length)
    if (read === null) return { messages, rest }
    messages.push({ start, headers, body: read.body })
    if (!isInterim) finals += 1
    rest = read.rest
  }
}

type Framing = { readonly kind: 'length'; readonly length: number } | { readonly kind: 'chunked' }

function framingOf(headers: readonly string[]): Framing {
  const lengths = valuesOf(headers, 'content-length')
  const codings = valuesOf(headers, 'transfer-encoding')
  if (lengths.length + codings.length > 1)
    throw new Error(`a message has two framings: ${headers.join(' | ')}`)
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new Error(`unknown coding ${String(codings[0])}`)
    return { kind: 'chunked' }
  }
  const length = lengths[0] ?? '0'
  if (!/^\d+$/.test(length)) throw new Error(`invalid length ${length}`)
  return { kind: 'length', length: Number(length) }
}

/** The values of a header. */
function valuesOf(headers: readonly string[], name: string): string[] {
  const prefix = `${name}:`
  return headers
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim())
}

interface Read {
  readonly body: string
  readonly rest: string
}

function readLength(text: string, length: number): Read | null {
  return text.length < length ? null : { body: text.slice(0, length), rest: text.slice(length) }
}

function readChunks(text: string): Read | null {
  let rest = text
  let body = ''
  for (;;) {
    const end = rest.indexOf('\r\n')
    if (end < 0) return null
    const line = rest.slice(0, end)
    if (!/^[\da-f]+$/i.test(line)) throw new Error(`invalid chunk size ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16)
    const chunk = rest.slice(end + 2)
    if (chunk.length < size + 2) return null
    if (chunk.slice(size, size + 2) !== '\r\n') throw new Error('a chunk does not end with CRLF')
    body += chunk.slice(0, size)
    rest = chunk.slice(size + 2)
    if (size === 0) return { body, rest }
  }
}
