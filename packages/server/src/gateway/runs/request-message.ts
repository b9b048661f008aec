import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import { BODY_VALUES_MAX, bodyText, hasOtherReading } from '../message/body-text.ts'
import { initialMessage, NO_BODY, type Message } from '../message/message.ts'
import { stepProblem, type StepProblem } from '../steps/step.ts'
import { readContent } from './read-content.ts'
import { requestOrigin } from './request-origin.ts'
import type { RunSlot } from './run-slots.ts'

/** A request as a message. */
export interface RequestMessage {
  readonly message: Message
  /** The request's content if it was read for the message; null if it was not read or there is none. */
  readonly content: Buffer | null
}

/**
 * Makes the message of a request. Files are not read into it: a closing `proxy` step streams them.
 *
 * @param readsBody whether any step reads the body; if not, it stays unread
 * @param slot counts the bytes held in memory
 * @param isTrusted whether a trusted proxy sent the request
 * @param signal ends the reading
 * @returns the message, or why there is none
 */
export async function requestMessage(
  admitted: AdmittedRequest,
  readsBody: boolean,
  slot: RunSlot,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<RequestMessage | { readonly problem: StepProblem } | 'caller_gone'> {
  const { request, deployment, requestRules } = admitted
  const { kind, requestBytesMax } = deployment.trigger
  const message = (body: string): Message =>
    initialMessage(requestOrigin(admitted, isTrusted), admitted.identity, body)
  if (kind === 'http-file' || !readsBody) return { message: message(NO_BODY), content: null }
  const read = await readContent(admitted, Math.min(requestBytesMax, BODY_MAX), slot, signal)
  if (read === 'caller_gone' || 'problem' in read) return read
  const { content } = read
  const invalid = (text: string): { readonly problem: StepProblem } | null => {
    const errors = requestRules?.bodyErrors(request.method ?? '', content !== null, text) ?? []
    return errors.length === 0 ? null : stepProblem('invalid_request', { extensions: { errors } })
  }
  if (content === null) return invalid(NO_BODY) ?? { message: message(NO_BODY), content }
  const { headers } = request
  if (hasOtherReading(content, headers['content-type'])) return OTHER_READING
  const body = bodyText(content, headers['content-type'], headers['content-encoding'])
  if ('fault' in body) {
    if (body.fault === 'coding') return CODED
    if (body.fault === 'values') return TOO_MANY_VALUES
    const { detail, path } = body
    return stepProblem('invalid_request', {
      detail,
      extensions: { errors: [{ in: 'body', path, message: detail }] },
    })
  }
  if (body.text.length > BODY_MAX) return TOO_LARGE
  return invalid(body.text) ?? { message: message(body.text), content }
}

/**
 * The maximum size of a body that steps can read, in bytes as received and in characters as JSON text. It is the
 * expressions' limit with room for the rest of the message. Larger bodies need a single `proxy` step or `http-file`.
 */
const BODY_MAX = 7 * 1024 * 1024
const TOO_LARGE = stepProblem('too_large', { extensions: { limitBytes: BODY_MAX } })

const TOO_MANY_VALUES = stepProblem('too_large', {
  detail: 'Send a body of at most `limitValues` values: each item and each member counts.',
  extensions: { limitValues: BODY_VALUES_MAX },
})

const CODED = stepProblem('unsupported_media_type', { detail: 'Send JSON without `Content-Encoding`.' })
const OTHER_READING = stepProblem('unsupported_media_type', {
  detail: 'Send JSON in UTF-8, and name no other `charset`: in that one, the body reads differently.',
})
