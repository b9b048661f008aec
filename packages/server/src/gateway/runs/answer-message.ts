import { callHeaders, type Call } from '../deployment/admitted-request.ts'
import { endEarly } from '../request/unread-body.ts'
import type { Message } from '../message/message.ts'
import { renderAnswer, type RenderedAnswer } from '../message/rendered-answer.ts'

/** Answers with what the steps have made. */
export function answerMessage(call: Call, message: Message): void {
  answerRendered(call, renderAnswer(message, call.deployment.answerRules))
}

/** Answers with what is ready, and what every answer of the pipeline has. */
export function answerRendered(call: Call, { status, headers, content }: RenderedAnswer): void {
  endEarly(call.response, status, ['x-request-id', call.requestId, ...headers, ...callHeaders(call)], content)
}
