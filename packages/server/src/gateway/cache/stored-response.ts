import { ageSeconds, freshnessOf, type Freshness, type ReceivedResponse } from './freshness.ts'
import { connectionOptions } from '../headers/hop-by-hop.ts'
import { HeaderFields } from './header-fields.ts'
import { httpDateMs } from './http-date.ts'

/** A complete response of an upstream. */
export interface StoredResponse {
  readonly status: number
  /** Alternating names and values, as received, without those of its transfer. */
  readonly raw: readonly string[]
  readonly body: Buffer
  readonly freshness: Freshness
  readonly etag: string | null
  readonly lastModified: string | null
}

/** What a caller has already (RFC 9110 section 13.1). */
export interface Preconditions {
  readonly noneMatch: string | undefined
  readonly modifiedSince: string | undefined
}

/** They belong to one transfer, or are stated anew with each use. */
const OF_A_TRANSFER: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'age',
  'keep-alive',
])
/** A 304 does not change what it says about the body (RFC 9111 section 3.2), and its cookies are for one caller. */
const NOT_UPDATED: ReadonlySet<string> = new Set([
  ...OF_A_TRANSFER,
  'connection',
  'content-encoding',
  'content-range',
  'content-type',
  'set-cookie',
])
const NONE: ReadonlySet<string> = new Set()
/** A tag, weak or not, in a list of them. */
const TAGS = /(?:W\/)?("[^"]*")/g

export function storedResponse(
  { status }: Pick<ReceivedResponse, 'status'>,
  raw: readonly string[],
  body: Buffer,
  freshness: Freshness,
): StoredResponse {
  const fields = new HeaderFields(raw)
  return {
    status,
    raw: without(raw, OF_A_TRANSFER),
    body,
    freshness,
    etag: fields.single('etag'),
    lastModified: fields.single('last-modified'),
  }
}

/** The headers that ask an upstream whether a stored response is still its answer (RFC 9111 section 4.3.1). */
export function validators({ status, etag, lastModified }: StoredResponse): string[] {
  if (status !== 200) return []
  const headers = etag === null ? [] : ['if-none-match', etag]
  if (lastModified !== null) headers.push('if-modified-since', lastModified)
  return headers
}

/**
 * Whether a 304 confirms a stored response, the only one whose validators its request had (RFC 9111 section 4.3.4). A strong tag
 * identifies the response with the same strong one, a weak tag one with the same text, and a date counts without a tag. A 304
 * without any of them is only about a response that has none either, and the upstream is never asked about such a one.
 *
 * @param fields the headers of the 304
 */
export function isConfirmedBy(
  { etag: own, lastModified }: Pick<StoredResponse, 'etag' | 'lastModified'>,
  fields: HeaderFields,
): boolean {
  if (!fields.has('etag')) return lastModified !== null && fields.single('last-modified') === lastModified
  const etag = fields.single('etag')
  if (etag === null || own === null) return false
  return etag.startsWith('W/') ? opaque(etag) === opaque(own) : etag === own
}

/**
 * A stored response with the news of the 304 that confirms it (RFC 9111 section 3.2).
 *
 * @param received the 304
 * @param raw its headers
 * @returns the response to send now, and whether it may be stored further
 */
export function confirmed(
  stored: StoredResponse,
  received: ReceivedResponse,
  raw: readonly string[],
): { readonly response: StoredResponse; readonly isStorable: boolean } {
  const ofConnection = connectionOptions(received.fields.joined('connection')) ?? NONE
  const news = without(without(raw, NOT_UPDATED), ofConnection)
  const named = new Set(news.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()))
  const merged = [...without(stored.raw, named), ...news]
  const { status } = stored
  // The age is that of the confirmation.
  const age = received.fields.lines('age').flatMap((value) => ['age', value])
  const cookies = received.fields.lines('set-cookie').flatMap((value) => ['set-cookie', value])
  const fields = new HeaderFields([...merged, ...age, ...cookies])
  const freshness = freshnessOf({ ...received, status, fields })
  const response = storedResponse({ status }, merged, stored.body, freshness ?? stored.freshness)
  return { response, isStorable: freshness !== null }
}

/** Whether a caller has the response already, so that it gets a 304 (RFC 9110 section 13.2.2). */
export function isKnown(
  { status, etag, lastModified }: Pick<StoredResponse, 'status' | 'etag' | 'lastModified'>,
  { noneMatch, modifiedSince }: Preconditions,
): boolean {
  if (status !== 200) return false
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return true
    const own = etag === null ? null : opaque(etag)
    return own !== null && [...noneMatch.matchAll(TAGS)].some(([, tag]) => tag === own)
  }
  if (modifiedSince === undefined || lastModified === null) return false
  const [since, changed] = [httpDateMs(modifiedSince), httpDateMs(lastModified)]
  return modifiedSince === lastModified || changed <= since
}

/** The headers of a 304 in place of a response (RFC 9110 section 15.4.5). */
export function unchangedHeaders(raw: readonly string[]): string[] {
  return raw.flatMap((name, index) => {
    if (index % 2 === 1) return []
    const lower = name.toLowerCase()
    const isOfBody = lower.startsWith('content-') && lower !== 'content-location'
    return isOfBody || lower === 'transfer-encoding' ? [] : [name, raw[index + 1] ?? '']
  })
}

/** The headers of a stored response that is sent as it is. */
export function replayedHeaders({ status, raw, body, freshness }: StoredResponse, nowMs: number): string[] {
  const headers = [...raw, 'age', String(Math.floor(ageSeconds(freshness, nowMs)))]
  if (status !== 204) headers.push('content-length', String(body.length))
  return headers
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

function without(raw: readonly string[], names: ReadonlySet<string>): string[] {
  return raw.flatMap((name, index) =>
    index % 2 === 1 || names.has(name.toLowerCase()) ? [] : [name, raw[index + 1] ?? ''],
  )
}
