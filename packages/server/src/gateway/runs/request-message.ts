import type { Call } from '../deployment/admitted-request.ts'
import { bodyText } from '../message/body-text.ts'
import { firstMessage, NO_BODY, type Message } from '../message/message.ts'
import { readContent } from './read-content.ts'
import { requestOrigin } from './request-origin.ts'
import type { RunPlace } from './run-slots.ts'
import { known, type StepProblem } from '../steps/step.ts'

/** A request as a message, and its content where that was read for it; null where it was not, or there is none. */
export interface RequestMessage {
  readonly message: Message
  readonly content: Buffer | null
}

/**
 * Makes the message of a request. Files stay out of it, and go to whatever a `proxy` at the end passes them on to.
 *
 * @param bodyIsSeen whether anything looks at the body; where not, it is left unread
 * @param place where what is read counts
 * @param signal ends the reading
 * @returns why there is no message, where there is none; `gone` where nobody waits any more
 */
export async function requestMessage(
  call: Call,
  bodyIsSeen: boolean,
  place: RunPlace,
  signal: AbortSignal,
): Promise<RequestMessage | { readonly problem: StepProblem } | 'gone'> {
  const { kind, requestBytesMax } = call.deployment.trigger
  const message = (body: string): Message => firstMessage(requestOrigin(call), call.identity, body)
  if (kind === 'http-file' || !bodyIsSeen) return { message: message(NO_BODY), content: null }
  const read = await readContent(call, Math.min(requestBytesMax, BODY_MAX), place, signal)
  if (read === 'gone' || 'problem' in read) return read
  const { content } = read
  if (content === null) return { message: message(NO_BODY), content }
  const { headers } = call.request
  const body = bodyText(content, headers['content-type'], headers['content-encoding'])
  if ('fault' in body) return BODY_FAULTS[body.fault]
  return body.text.length > BODY_MAX ? TOO_LARGE : { message: message(body.text), content }
}

/**
 * How much of a body steps can look at, in bytes as it comes and in characters as JSON text: what expressions take, with
 * room for the rest of the message. More than that is streamed, by a `proxy` alone or under `http-file`.
 */
const BODY_MAX = 7 * 1024 * 1024
const TOO_LARGE = known('too_large', { extensions: { limitBytes: BODY_MAX } })

/** What a caller is told of a body that cannot be read; none of it is repeated. */
const BODY_FAULTS = {
  json: known('invalid_request', { detail: 'The body is not valid JSON in UTF-8.' }),
  coding: known('unsupported_media_type', { detail: 'Send JSON without `Content-Encoding`.' }),
}
