import type { RespondStep } from '@sallyport/core'
import { withHeaders } from '../message/message.ts'
import { respondParts } from '../message/respond-parts.ts'
import type { RunnableStep } from './step.ts'

/** Sets the answer as it stands in the spec; what it says nothing of stays as steps before have set it. */
export function compileRespond(step: RespondStep, place: string): RunnableStep {
  const { body, headers } = respondParts(step)
  return {
    place,
    callsUpstream: false,
    seesMessage: false,
    async run(message) {
      const next = withHeaders(message, headers)
      return { message: { ...next, body: body ?? next.body, status: step.status ?? next.status } }
    },
  }
}
