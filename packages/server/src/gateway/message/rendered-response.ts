import type { RespondStep } from '@sallyport/core'
import { contentText } from './content-text.ts'
import { NO_BODY, type HeaderLines, type Message } from './message.ts'
import { isReservedHeader } from './response-headers.ts'

/** Statuses without content (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
export const STATUSES_WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304])

/** Which headers of an upstream or a step the pipeline's own headers replace. */
export interface ResponseRules {
  /** By name in lower case. */
  readonly replacedHeaders: ReadonlySet<string>
  /** Browsers reject two sets of cross-origin rules, so the trigger's replace all others. */
  readonly hasCors: boolean
}

/** A response without the parts that differ per request. */
export interface RenderedResponse {
  readonly status: number
  /** Alternating names and values. */
  readonly headers: readonly string[]
  readonly content: Buffer | undefined
}

/** Renders a message as a response: its status, its body, and the headers that steps have set. */
export function renderResponse(
  message: Pick<Message, 'status' | 'headers' | 'body'>,
  { replacedHeaders, hasCors }: ResponseRules,
): RenderedResponse {
  const { status } = message
  const headers: string[] = []
  for (const [name, lines] of message.headers) {
    if (replacedHeaders.has(name) || (hasCors && name.startsWith('access-control-'))) continue
    for (const line of lines) headers.push(name, line)
  }
  const isEmpty = STATUSES_WITHOUT_CONTENT.has(status)
  const content = isEmpty || message.body === NO_BODY ? undefined : contentOf(message)
  if (content !== undefined && !message.headers.has('content-type')) {
    headers.push('content-type', 'application/json')
  }
  // A 205 needs the length 0; the other two have no length (RFC 9110 section 8.6).
  if (!isEmpty || status === 205) headers.push('content-length', String(content?.length ?? 0))
  return { status, headers, content }
}

function contentOf({ body, headers }: Pick<Message, 'headers' | 'body'>): Buffer {
  return Buffer.from(contentText(body, headers.get('content-type')?.[0]))
}

/** The body, as JSON text, and the headers that a `respond` step sets. */
export function respondParts({ body, headers }: RespondStep): {
  readonly body: string | undefined
  readonly headers: readonly (readonly [string, HeaderLines])[]
} {
  return {
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), [value]] as const)
      .filter(([name]) => !isReservedHeader(name)),
  }
}
