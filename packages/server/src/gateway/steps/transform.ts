import { exactJson, jsonPointer, type TransformStep } from '@sallyport/core'
import { headerLines, isReservedHeader } from '../message/response-headers.ts'
import { evaluate, valueOf, type SpecExpression } from './evaluate.ts'
import { NO_BODY, withHeaders, type HeaderLines, type Message } from '../message/message.ts'
import { numberText } from '../message/number-text.ts'
import type { Run, RunnableStep, StepOutcome } from './step.ts'
import { stepFailure } from './step-failure.ts'

/** Final response statuses (RFC 9110 section 15). */
const STATUS_MIN = 200
const STATUS_MAX = 599

/** A part of the message to set. */
interface Part extends SpecExpression {
  /**
   * @param value JSON text
   * @returns null if the value is not allowed
   */
  set(message: Message, value: string | undefined): Message | null
}

/** Sets parts of the message. All expressions read the message as it was before the step. */
export function compileTransform(step: TransformStep, pointer: string): RunnableStep {
  const parts: Part[] = []
  if (step.body !== null) parts.push({ pointer: `${pointer}/body`, text: step.body, set: setBody })
  if (step.status !== null) parts.push({ pointer: `${pointer}/status`, text: step.status, set: setStatus })
  for (const [name, text] of Object.entries(step.headers)) {
    const lower = name.toLowerCase()
    if (isReservedHeader(lower)) continue
    const set = (message: Message, value: string | undefined): Message | null =>
      setHeader(message, lower, value)
    parts.push({ pointer: pointer + jsonPointer('headers', name), text, set })
  }
  return {
    pointer,
    callsUpstream: false,
    readsMessage: true,
    run: async (message, run) => await transform(parts, message, run),
  }
}

async function transform(parts: readonly Part[], message: Message, run: Run): Promise<StepOutcome> {
  const evaluated = await evaluate(run, message, parts)
  if ('problem' in evaluated) return evaluated
  let next = message
  for (const [index, part] of parts.entries()) {
    const set = part.set(next, evaluated.values[index])
    if (set === null) return stepFailure(run, part.pointer, 'value')
    next = set
  }
  return { message: next }
}

function setBody(message: Message, value: string | undefined): Message {
  return { ...message, body: value ?? NO_BODY }
}

/** No value keeps the status. */
function setStatus(message: Message, value: string | undefined): Message | null {
  const given = valueOf(value) ?? message.status
  const text = numberText(given) ?? ''
  const status = Number(text)
  const isValid = Number.isInteger(status) && status >= STATUS_MIN && status <= STATUS_MAX
  return isValid && exactJson.isHeld(text) ? { ...message, status } : null
}

/** No value removes a header that an earlier step has set. */
function setHeader(message: Message, name: string, text: string | undefined): Message | null {
  const value = valueOf(text) ?? null
  const lines: HeaderLines | null = value === null ? [] : headerLines(value)
  return lines === null ? null : withHeaders(message, [[name, lines]])
}
