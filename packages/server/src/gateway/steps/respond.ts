import { respondParts } from '../message/rendered-response.ts'
import type { RespondStep } from '@sallyport/core'
import { withHeaders } from '../message/message.ts'
import type { RunnableStep } from './step.ts'

/** Sets the parts of the response that the spec defines. Other parts keep their values from earlier steps. */
export function compileRespond(step: RespondStep, pointer: string): RunnableStep {
  const { body, headers } = respondParts(step)
  return {
    pointer,
    callsUpstream: false,
    readsMessage: false,
    async run(message) {
      const next = withHeaders(message, headers)
      return { message: { ...next, body: body ?? next.body, status: step.status ?? next.status } }
    },
  }
}
