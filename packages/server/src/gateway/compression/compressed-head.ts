import type { IncomingMessage } from 'node:http'
import type { CompressionRules } from '@sallyport/core'
import { mediaTypeOf } from '../request/media-type.ts'
import { preferredCoding, type ContentCoding } from './content-coding.ts'

/** Statuses whose body, if there is one, is not the whole representation, or that have none. */
const UNSUITABLE: ReadonlySet<number> = new Set([204, 205, 206, 304])
/** They state what the body is, byte by byte (RFC 9530), so the body stays as it is. `Trailer` can announce one. */
const ABOUT_BYTES: ReadonlySet<string> = new Set([
  'content-digest',
  'repr-digest',
  'digest',
  'content-md5',
  'content-range',
  'trailer',
])
const NO_TRANSFORM = /(?:^|[,\s])no-transform(?:$|[,;\s])/i
const STRONG_TAG = /^"[^"]*"$/

/** The head of a response, and the coding of its body. */
export interface CodedHead {
  /** Alternating names and values. */
  readonly headers: string[]
  /** Null if the body is sent as it is. */
  readonly coding: ContentCoding | null
}

/**
 * Decides whether a response is compressed, and changes its headers accordingly. All that can be compressed says that it
 * depends on `Accept-Encoding`, also if this one is not.
 *
 * @param headers alternating names and values
 * @param admits asked last; whether there is room for one more compressed body
 */
export function codedHead(
  request: IncomingMessage,
  rules: CompressionRules,
  status: number,
  headers: string[],
  admits: () => boolean,
): CodedHead {
  const asIs = { headers, coding: null }
  if (status === 304) return { headers: unchangedHead(request, headers), coding: null }
  if (status < 200 || UNSUITABLE.has(status) || !isSuitable(rules, headers)) return asIs
  const varied = varies(headers) ? headers : [...headers, 'vary', 'Accept-Encoding']
  const coding = codingFor(request)
  if (coding === null || !(request.method === 'HEAD' || admits())) return { headers: varied, coding: null }
  const coded: string[] = []
  for (let index = 0; index < varied.length; index += 2) {
    const rawName = varied[index] ?? ''
    const value = varied[index + 1] ?? ''
    const name = rawName.toLowerCase()
    // Ranges of the compressed body differ from those of the upstream.
    if (name === 'content-length' || name === 'accept-ranges' || name === 'content-encoding') continue
    // Two codings of one content are not the same bytes (RFC 9110 section 8.8.3.3).
    coded.push(rawName, name === 'etag' && STRONG_TAG.test(value) ? `W/${value}` : value)
  }
  coded.push('content-encoding', coding)
  return { headers: coded, coding }
}

/** A coding that the caller reads and that a cut shows in; a body to HTTP/1.0 ends with its connection. */
function codingFor(request: IncomingMessage): ContentCoding | null {
  const { headers, httpVersion } = request
  if (httpVersion === '1.0' || NO_TRANSFORM.test(headers['cache-control'] ?? '')) return null
  return preferredCoding(headers['accept-encoding']?.toString())
}

/** A 304 names the tag that the caller has, or a cache would not find what it confirms (RFC 9111 section 4.3.4). */
function unchangedHead({ headers: asked }: IncomingMessage, headers: string[]): string[] {
  const sent = asked['if-none-match'] ?? ''
  const changed = headers.map((value, index) => {
    const isTag = index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'etag' && STRONG_TAG.test(value)
    return isTag && sent.includes(`W/${value}`) ? `W/${value}` : value
  })
  return varies(changed) ? changed : [...changed, 'vary', 'Accept-Encoding']
}

function isSuitable({ minBytes, contentTypes }: CompressionRules, headers: readonly string[]): boolean {
  let types = 0
  let isListed = false
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    const value = headers[index + 1] ?? ''
    if (ABOUT_BYTES.has(name)) return false
    if (name === 'content-encoding' && value.trim().toLowerCase() !== 'identity') return false
    if (name === 'cache-control' && NO_TRANSFORM.test(value)) return false
    if (name === 'content-length' && Number(value) < minBytes) return false
    if (name === 'content-type') {
      types += 1
      isListed = matches(contentTypes, mediaTypeOf(value))
    }
  }
  return types === 1 && isListed
}

/** Whether a type is listed, by itself, by its range, or by its suffix (RFC 6838 section 4.2.8). Event streams never are. */
function matches(listed: readonly string[], type: string): boolean {
  if (type === 'text/event-stream') return false
  return listed.some(
    (one) =>
      one === type ||
      (one.endsWith('/*') && type.startsWith(one.slice(0, -1))) ||
      (one === 'application/json' && type.endsWith('+json')) ||
      (one === 'application/xml' && type.endsWith('+xml')),
  )
}

function varies(headers: readonly string[]): boolean {
  return headers.some(
    (name, index) =>
      index % 2 === 0 &&
      name.toLowerCase() === 'vary' &&
      (headers[index + 1] ?? '')
        .split(',')
        .some((field) => ['*', 'accept-encoding'].includes(field.trim().toLowerCase())),
  )
}
