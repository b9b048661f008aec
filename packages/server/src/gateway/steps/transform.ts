import { jsonPointer, type TransformStep } from '@sallyport/core'
import { headerLines, isOurs } from '../message/answer-headers.ts'
import { evaluate, valueOf, type PlacedExpression } from './evaluate.ts'
import { NO_BODY, withHeaders, type HeaderLines, type Message } from '../message/message.ts'
import type { Run, RunnableStep, StepOutcome } from './step.ts'
import { stepFailed } from './step-failure.ts'

/** The statuses that an answer can have: the final ones (RFC 9110 section 15). */
const STATUS_MIN = 200
const STATUS_MAX = 599

/** One part of the message to set. */
interface Part extends PlacedExpression {
  /** @param value JSON text; null where the value does not fit */
  set(message: Message, value: string | undefined): Message | null
}

/** Sets parts of the message, all from the message as it was before. */
export function compileTransform(step: TransformStep, place: string): RunnableStep {
  const parts: Part[] = []
  if (step.body !== null) parts.push({ place: `${place}/body`, text: step.body, set: setBody })
  if (step.status !== null) parts.push({ place: `${place}/status`, text: step.status, set: setStatus })
  for (const [name, text] of Object.entries(step.headers)) {
    const lower = name.toLowerCase()
    if (isOurs(lower)) continue
    const set = (message: Message, value: string | undefined): Message | null =>
      setHeader(message, lower, value)
    parts.push({ place: place + jsonPointer('headers', name), text, set })
  }
  return {
    place,
    callsUpstream: false,
    seesMessage: true,
    run: async (message, run) => await transform(parts, message, run),
  }
}

async function transform(parts: readonly Part[], message: Message, run: Run): Promise<StepOutcome> {
  const evaluated = await evaluate(run, message, parts)
  if ('problem' in evaluated) return evaluated
  let next = message
  for (const [index, part] of parts.entries()) {
    const set = part.set(next, evaluated.values[index])
    if (set === null) return stepFailed(run, part.place, 'value')
    next = set
  }
  return { message: next }
}

function setBody(message: Message, value: string | undefined): Message {
  return { ...message, body: value ?? NO_BODY }
}

/** An expression that gives nothing leaves the status as it is. */
function setStatus(message: Message, value: string | undefined): Message | null {
  const status = valueOf(value) ?? message.status
  const fits = Number.isInteger(status) && Number(status) >= STATUS_MIN && Number(status) <= STATUS_MAX
  return fits ? { ...message, status: Number(status) } : null
}

/** An expression that gives nothing sets no header, and takes one away that a step before has set. */
function setHeader(message: Message, name: string, text: string | undefined): Message | null {
  const value = valueOf(text) ?? null
  const lines: HeaderLines | null = value === null ? [] : headerLines(value)
  return lines === null ? null : withHeaders(message, [[name, lines]])
}
