import { isJsonType } from '../request/media-type.ts'
import { NO_BODY, type Message } from './message.ts'

/** These have no content (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
const STATUSES_WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304])

/** What a pipeline says in its answers by itself, in place of its steps. */
export interface AnswerRules {
  /** By name in lower case. */
  readonly replacedHeaders: ReadonlySet<string>
  /** Two sets of cross-origin rules are refused by browsers: the trigger's stand. */
  readonly hasCors: boolean
}

/** An answer that is ready to be sent, but for what differs from one request to the next. */
export interface RenderedAnswer {
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly content: Buffer | undefined
}

/** The answer that a message is: its status, its body, and the headers that steps have set. */
export function renderAnswer(
  message: Pick<Message, 'status' | 'headers' | 'body'>,
  { replacedHeaders, hasCors }: AnswerRules,
): RenderedAnswer {
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
  // A 205 says by its length that it has none; the other two have no length (RFC 9110 section 8.6).
  if (!isEmpty || status === 205) headers.push('content-length', String(content?.length ?? 0))
  return { status, headers, content }
}

/** JSON, but for a text where a step has said that the content is something else: then it is the text itself. */
function contentOf({ body, headers }: Pick<Message, 'headers' | 'body'>): Buffer {
  const type = headers.get('content-type')?.[0]
  const isPlain = type !== undefined && !isJsonType(type) && body.trimStart().startsWith('"')
  return Buffer.from(isPlain ? (JSON.parse(body) as string) : body)
}
