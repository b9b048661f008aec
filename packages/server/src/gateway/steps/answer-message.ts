import { isJsonType } from '../media-type.ts'
import { callHeaders, type Call } from '../call.ts'
import { endEarly } from '../unread-body.ts'
import { NO_BODY, type Message } from './message.ts'

/** These have no content (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
const STATUSES_WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304])

/** Answers with what the steps have made: the message's status, body, and the headers that steps have set. */
export function answerMessage(call: Call, message: Message): void {
  const { response, requestId, deployment } = call
  const headers = ['x-request-id', requestId]
  for (const [name, lines] of message.headers) {
    // The trigger's own stand, and two sets of cross-origin rules are refused by browsers.
    if (deployment.replacedHeaders.has(name)) continue
    if (deployment.cors !== null && name.startsWith('access-control-')) continue
    for (const line of lines) headers.push(name, line)
  }
  const isEmpty = STATUSES_WITHOUT_CONTENT.has(message.status)
  const content = isEmpty || message.body === NO_BODY ? undefined : contentOf(message)
  if (content !== undefined && !message.headers.has('content-type')) {
    headers.push('content-type', 'application/json')
  }
  // A 205 says by its length that it has none; the other two have no length (RFC 9110 section 8.6).
  if (!isEmpty || message.status === 205) headers.push('content-length', String(content?.length ?? 0))
  for (const part of callHeaders(call)) headers.push(part)
  endEarly(response, message.status, headers, content)
}

/** JSON, but for a text where a step has said that the content is something else: then it is the text itself. */
function contentOf({ body, headers }: Message): Buffer {
  const type = headers.get('content-type')?.[0]
  const isPlain = type !== undefined && !isJsonType(type) && body.trimStart().startsWith('"')
  return Buffer.from(isPlain ? (JSON.parse(body) as string) : body)
}
